"""What the people of the demo's corrective actions say: causes, actions, the letter to the mill and its answer."""

CHAINS = {
    "made": (
        ("The loop slipped off the point while linking", "Watched at machine 12, photo"),
        ("The points of machines 10, 11 and 12 are worn and bent", "Gauge check of all twelve machines"),
        ("Point plates are changed only when a point breaks", "Maintenance book of the last six months"),
        ("The maintenance plan has no interval for point plates", "Maintenance plan, revision 4"),
    ),
    "detected": (
        ("The check after linking looks at the outside only", "Watched for two hours"),
        ("A slipped loop shows only against the light, and there is no light box", "Layout of the line"),
        ("The work instruction of the check does not ask for the inside", "Work instruction, version 2"),
    ),
}
BONES = (
    ("machine", "Worn points, machines 10–12", "confirmed"),
    ("method", "No interval in the plan", "confirmed"),
    ("measurement", "No light box at the line", "confirmed"),
    ("man", "New operators", "ruled_out"),
    ("material", "Yarn count varies", "ruled_out"),
    ("environment", "Humidity in the afternoon", "ruled_out"),
)
COMPARED = {
    "what": ("Slipped loops in the shoulder seam", "Slipped loops in the neck seam"),
    "where": ("Linking line 1, machines 10 to 12", "Linking line 2; line 1, machines 1 to 9"),
    "when": ("In this order, on both colours", "In the order before"),
    "how_many": ("31 of 600 pieces, five in a hundred", "Single pieces"),
}
# Kind, what it changes, words, days ago: due and handed in; what was done.
ACTIONS = (
    ("corrective", "machine", "Change the point plates of machines 10, 11 and 12", 16, 17,
     "Three plates changed, all twelve machines gauged: every point within limits"),
    ("corrective", "check", "Put a light box at the check after linking; look at the inside of every shoulder", 15, 16,
     "Light box in use since the morning; work instruction version 3 hangs beside it"),
    ("preventive", "method", "Maintenance plan: change point plates every eight weeks, gauge them every week", 14, 14,
     "Plan revision 5 is in force; the first weekly gauging is done"),
)  # fmt: skip
ASKED = (
    "Seven of eighty pieces of order HC-6989 show thick and thin yarn. The yarn is your lot 7. "
    "Please contain, find the cause and act."
)
ANSWERED = {
    "name": "Quality office of the mill",
    "containment": "Lot 7 is blocked in our store: 42 cones remain. Lot 8 was tested and is free.",
    "cause_made": "The drafting zone of frame 3 was still set for another count after the change.",
    "cause_detected": "Evenness is tested once a shift, and the test was taken before the change.",
}
