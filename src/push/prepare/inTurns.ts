/** A few at a time; the answers in order. The first rejection rejects. */
export async function inTurns<T, R>(
  items: readonly T[],
  each: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const answers: R[] = [];
  const atOnce = 4;
  for (let start = 0; start < items.length; start += atOnce) {
    answers.push(...(await Promise.all(items.slice(start, start + atOnce).map(each))));
  }
  return answers;
}
