// How long a thousand records take from the phone to the real server: the app's own core in node, for tests/bench_floor.py.
import { realPhone, type Given } from "../tests/real_phone";
import { until } from "../tests/worlds";

interface Asked extends Given {
  readonly pks: readonly string[];
  readonly records: number;
}

async function main(): Promise<void> {
  let said = "";
  for await (const piece of process.stdin) said += String(piece);
  const asked = JSON.parse(said) as Asked;
  const at = await realPhone(asked);
  const seconds: number[] = [];
  for (const pk of asked.pks) {
    const handle = at.floor.inspection(pk);
    at.isOnline = false;
    for (let made = 0; made < asked.records; made += 1) await handle.record("defect_recorded", { code: "SW03", severity: "minor", zone: "B", piece_no: (made % 80) + 1 });
    at.isOnline = true;
    const begun = performance.now();
    at.told[0]!.online(true);
    await until(() => handle.status.value.kind === "safe", 60_000);
    seconds.push((performance.now() - begun) / 1000);
  }
  process.stdout.write(JSON.stringify(seconds));
  process.exit(0);
}

main().catch((failed: unknown) => {
  process.stderr.write(`${failed instanceof Error ? failed.stack : String(failed)}\n`);
  process.exit(1);
});
