/** Writes times of one text: the date of the newest is named once, and left out of the rest. */
export interface Times {
  /** `2026-11-23`; '' when there is no time. */
  readonly date: string;
  /** `01:00:17` on that date, else `2026-11-20 01:00`; another text as it is. */
  readonly text: (time: string) => string;
}

/** @param all RFC 3339, what is written in the text; '' for none */
export function createTimes(all: readonly string[]): Times {
  const date = all
    .map((time) => read(time)?.date ?? '')
    .reduce((newest, next) => (next > newest ? next : newest), '');
  return {
    date,
    text(time) {
      const found = read(time);
      if (!found) return time;
      return found.date === date ? found.clock : `${found.date} ${found.clock.slice(0, 5)}`;
    },
  };
}

function read(time: string): { readonly date: string; readonly clock: string } | undefined {
  const [, date = '', clock = ''] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(time) ?? [];
  return date === '' ? undefined : { date, clock };
}
