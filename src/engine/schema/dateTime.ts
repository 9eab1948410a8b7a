const date = /^(\d{4})-(\d{2})-(\d{2})$/;
const time = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$/;

/** Whether a string is of the format `date-time`, as `k8s.io/kube-openapi/pkg/validation/strfmt` decides. */
export function isDateTime(text: string): boolean {
  const [day = '', clock = ''] = text.toLowerCase().split('t');
  const parts = time.exec(clock);
  if (parts === null || !isDate(day)) return false;
  const [, hour = '', minute = '', second = ''] = parts;
  return hour <= '23' && minute <= '59' && second <= '59';
}

function isDate(text: string): boolean {
  const parts = date.exec(text);
  if (parts === null) return false;
  const [, year, month, day] = parts.map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

function daysOf(year: number, month: number): number {
  if (month === 2) {
    const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    return isLeap ? 29 : 28;
  }
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
