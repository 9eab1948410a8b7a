/** What became of one item; `skipped` when the user gave up before its turn. */
export type Turn<T, R> =
  | { readonly type: 'done'; readonly item: T; readonly value: R }
  | { readonly type: 'failed'; readonly item: T; readonly error: unknown }
  | { readonly type: 'skipped'; readonly item: T };

/** Runs something for every item, so many at a time, in order. Never rejects; answers in the order of the items. */
export async function atOnce<T, R>(
  items: readonly T[],
  limit: number,
  run: (item: T) => Promise<R>,
  options: { readonly isOver?: () => boolean; readonly onTurn?: () => void } = {},
): Promise<readonly Turn<T, R>[]> {
  const turns = new Map<number, Turn<T, R>>();
  const waiting = [...items.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, item] = next;
      turns.set(index, options.isOver?.() ? { type: 'skipped', item } : await turn(item, run));
      options.onTurn?.();
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return items.map((item, index) => turns.get(index) ?? { type: 'skipped', item });
}

async function turn<T, R>(item: T, run: (item: T) => Promise<R>): Promise<Turn<T, R>> {
  try {
    return { type: 'done', item, value: await run(item) };
  } catch (error) {
    return { type: 'failed', item, error };
  }
}
