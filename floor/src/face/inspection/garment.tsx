// The garment's outline, front, back and inside: a tap on it says the zone (A seen first, C unseen).
import { Chips } from "../parts";
import { t } from "../text";

type Area = readonly [zone: "A" | "B" | "C", path: string];

const COLLAR = "M41 15 Q52 29 63 15 L60 12 Q52 22 44 12 Z";
const SHIRT_SLEEVES: readonly Area[] = [["B", "M33 20 L24 24 L4 48 L17 62 L33 48 Z"], ["B", "M71 20 L80 24 L100 48 L87 62 L71 48 Z"]];
const SWEATER_SLEEVES: readonly Area[] = [
  ["B", "M33 20 L22 26 L6 92 L17 96 L33 54 Z"], ["B", "M71 20 L82 26 L98 92 L87 96 L71 54 Z"],
  ["C", "M6 92 L17 96 L15 105 L3 101 Z"], ["C", "M98 92 L87 96 L89 105 L101 101 Z"],
];
const CHEST = "M33 20 L41 15 Q52 29 63 15 L71 20 L71 72 L33 72 Z";
const SHOULDERS = "M33 20 L41 15 Q52 19 63 15 L71 20 L71 72 L33 72 Z";
const WAIST = "M33 72 L71 72 L71 103 L33 103 Z";
const HEM = "M33 103 L71 103 L71 112 L33 112 Z";

function views(isSweater: boolean): readonly (readonly [key: "front" | "back" | "inside", areas: readonly Area[]])[] {
  const sleeves = isSweater ? SWEATER_SLEEVES : SHIRT_SLEEVES;
  const hem: Area = [isSweater ? "B" : "C", HEM];
  const inside = [...sleeves.map(([, path]) => path), SHOULDERS, WAIST, HEM].map((path): Area => ["C", path]);
  return [
    ["front", [...sleeves, ["A", CHEST], ["A", COLLAR], ["B", WAIST], hem]],
    ["back", [...sleeves, ["B", SHOULDERS], ["A", COLLAR], ["C", WAIST], ["C", HEM]]],
    ["inside", inside],
  ];
}

export interface ZoneProps {
  family: string;
  zone: string;
  onPick: (zone: string) => void;
}

// The chips say the same as the drawing, for a screen reader and for a steady hand.
export function Zone({ family, zone, onPick }: ZoneProps) {
  return (
    <div class="zone">
      <Garment family={family} zone={zone} onPick={onPick} />
      <ZoneChips zone={zone} onPick={onPick} />
    </div>
  );
}

export function ZoneChips({ zone, onPick }: Omit<ZoneProps, "family">) {
  return <Chips legend={t("zone")} options={[["A", "A"], ["B", "B"], ["C", "C"], ["", t("zone.none")]]} value={zone} onPick={onPick} class="chips-even" hideLegend />;
}

export function Garment({ family, zone, onPick }: ZoneProps) {
  const isSweater = family !== "cut_and_sew";
  return (
    <svg class="garment" viewBox="0 0 330 130" aria-hidden="true" focusable="false">
      {views(isSweater).map(([key, areas], place) => (
        <g key={key} transform={`translate(${place * 112} 0)`}>
          {areas.map(([its, path]) => (
            <path key={path} d={path} class={`area area-${its.toLowerCase()}${its === zone ? " is-chosen" : ""}`} onClick={() => onPick(its === zone ? "" : its)} />
          ))}
          <text x="52" y={key === "inside" ? 60 : 50}>
            {key === "front" ? "A" : key === "back" ? "B" : "C"}
          </text>
          {key !== "inside" && (
            <text x="52" y="92">
              {key === "front" ? "B" : "C"}
            </text>
          )}
          <text class="side" x="52" y="126">
            {t(`zone.${key}`)}
          </text>
        </g>
      ))}
    </svg>
  );
}
