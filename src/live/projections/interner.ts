/** Gives equal texts and equal small values one identity, so that what repeats in a fleet is held once. */
export interface Interner {
  /** The text itself, or the equal one that was handed in before. */
  text(text: string): string;
  /** What was made for this key before, else what `make` makes now. One interner may serve several types of values. */
  value<T>(type: string, key: string, make: () => T): T;
}

/** Longer texts hardly repeat, and are cut here: Helm quotes whole manifests in an error. */
const longestText = 4096;

/**
 * An interner that forgets: what was not asked for while `capacity` others came is let go, so that a watch of many
 * days does not grow it.
 */
export function createInterner(capacity = 50_000): Interner {
  const texts = createForgetfulMap<string>(capacity);
  const values = createForgetfulMap<unknown>(capacity);
  return {
    text(text) {
      if (text === '') return '';
      if (text.length > longestText) return cut(text);
      return texts.get(text, () => text);
    },
    value: <T>(type: string, key: string, make: () => T): T =>
      values.get(`${type} ${key}`, make) as T,
  };
}

/** Two generations: a full young one becomes the old one, whose members move back when they are asked for. */
function createForgetfulMap<V>(capacity: number) {
  let young = new Map<string, V>();
  let old = new Map<string, V>();
  return {
    get(key: string, make: () => V): V {
      let value = young.get(key);
      if (value !== undefined) return value;
      value = old.get(key) ?? make();
      if (young.size >= capacity) {
        old = young;
        young = new Map();
      }
      young.set(key, value);
      return value;
    },
  };
}

/** The beginning of a text. Joined from pieces: engines keep the whole text behind a plain slice of it. */
function cut(text: string): string {
  const pieces: string[] = [];
  for (let at = 0; at < longestText; at += 8) pieces.push(text.slice(at, at + 8));
  return `${pieces.join('')}…`;
}
