/** A text that is another one when something of a value is. Integers beyond a number's reach are none for JSON itself. */
export function fingerprintOf(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? `integer ${part}` : part,
  );
}
