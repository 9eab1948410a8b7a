const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/**
 * How long ago a time was, as kubectl prints ages (`k8s.io/apimachinery/pkg/util/duration`, `HumanDuration`). A time
 * ahead of us is now: clocks of servers differ from ours. '' for no time.
 *
 * @param time RFC 3339
 * @param now milliseconds since the epoch
 */
export function ageText(time: string, now: number): string {
  const from = Date.parse(time);
  return Number.isNaN(from) ? '' : durationText(Math.max(0, now - from));
}

function durationText(ms: number): string {
  const count = (unit: number): number => Math.floor(ms / unit);
  const two = (unit: number, name: string, lesser: number, lesserName: string): string => {
    const rest = Math.floor((ms % unit) / lesser);
    return rest === 0 ? `${count(unit)}${name}` : `${count(unit)}${name}${rest}${lesserName}`;
  };
  if (ms < 2 * minute) return `${count(second)}s`;
  if (ms < 10 * minute) return two(minute, 'm', second, 's');
  if (ms < 3 * hour) return `${count(minute)}m`;
  if (ms < 8 * hour) return two(hour, 'h', minute, 'm');
  if (ms < 2 * day) return `${count(hour)}h`;
  if (ms < 8 * day) return two(day, 'd', hour, 'h');
  if (ms < 2 * year) return `${count(day)}d`;
  if (ms < 8 * year) return two(year, 'y', day, 'd');
  return `${count(year)}y`;
}
