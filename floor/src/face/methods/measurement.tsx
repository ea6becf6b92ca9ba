// A size set, or pieces before and after wash: the measuring sheet alone.
import { MeasureSheet } from "../inspection/measure";
import type { PartProps } from "../inspection/use";

export function Measurement({ handle }: PartProps) {
  return <MeasureSheet handle={handle} />;
}
