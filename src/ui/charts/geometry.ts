/** Where a chart is drawn, in pixels, and which values its height stands for. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Room on the left for the words of the axis, and below for those of the months. */
  readonly left: number;
  readonly bottom: number;
  readonly top: number;
  readonly ticks: readonly number[];
}

/** Round values from the lowest to the highest, 0 among them: at most `most` + 1 of them, evenly apart. */
export function ticksOf(values: readonly number[], most = 4): number[] {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  if (low === high) return [0, 1];
  const step = roundStep((high - low) / most);
  const from = Math.floor(low / step);
  const count = Math.ceil(high / step) - from;
  return Array.from({ length: count + 1 }, (_, at) => Number(((from + at) * step).toPrecision(12)));
}

/** 1, 2 or 5 times a power of ten, not below the value. */
function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const found = [1, 2, 5, 10].find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10;
  return found * power;
}

/** The height at which a value stands. */
export function yOf(value: number, { height, bottom, top, ticks }: Frame): number {
  const low = ticks[0] ?? 0;
  const high = ticks.at(-1) ?? 1;
  return rounded(top + (height - bottom - top) * (1 - (value - low) / (high - low)));
}

/** The middle of one of `count` months. */
export function xOf(month: number, count: number, { width, left }: Frame): number {
  return rounded(left + ((width - left) / count) * (month + 0.5));
}

export interface Bar {
  readonly month: number;
  readonly series: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One bar for each month, the first series at its foot. A value that is null or 0 draws nothing. */
export function stackedBars(series: readonly (readonly (number | null)[])[], months: number, frame: Frame): Bar[] {
  const width = Math.min(56, ((frame.width - frame.left) / months) * 0.7);
  return Array.from({ length: months }, (_, month) => {
    let below = 0;
    return series.flatMap((values, at) => {
      const value = values[month] ?? 0;
      if (value <= 0) return [];
      const foot = yOf(below, frame);
      below += value;
      const y = yOf(below, frame);
      return [
        { month, series: at, x: rounded(xOf(month, months, frame) - width / 2), y, width: rounded(width), height: rounded(foot - y) },
      ];
    });
  }).flat();
}

/** The path of a line through its months; where a value is not known it is broken. */
export function linePath(values: readonly (number | null)[], frame: Frame): string {
  return values
    .map((value, month) => {
      if (value === null) return '';
      const begins = month === 0 || values[month - 1] === null;
      return `${begins ? 'M' : 'L'}${xOf(month, values.length, frame)} ${yOf(value, frame)}`;
    })
    .filter((part) => part !== '')
    .join(' ');
}

/** Every how many months a word of `wide` pixels has room. */
export function labelStep(months: number, { width, left }: Frame, wide: number): number {
  return Math.max(1, Math.ceil((months * wide) / Math.max(1, width - left)));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
