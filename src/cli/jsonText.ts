/** JSON with two blanks of indentation; a `bigint` is printed as the integer it is, which JSON.stringify refuses. */
export function toJsonText(value: unknown, indent = ''): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = `${indent}  `;
  const [open, close, members] = Array.isArray(value)
    ? ['[', ']', value.map((item: unknown) => toJsonText(item, inner))]
    : [
        '{',
        '}',
        Object.entries(value)
          .filter(([, item]) => item !== undefined)
          .map(([key, item]) => `${JSON.stringify(key)}: ${toJsonText(item, inner)}`),
      ];
  if (members.length === 0) return open + close;
  return `${open}\n${members.map((text) => inner + text).join(',\n')}\n${indent}${close}`;
}
