/** Whether a context's name matches one of the globs. `*` is any text, slashes too; `?` is one character. */
export function matchesContext(globs: readonly string[], context: string): boolean {
  return globs.some((glob) => matches([...glob], [...context]));
}

/** Goes back to the last `*` only, so that the cost is the product of the lengths at worst. */
function matches(glob: readonly string[], text: readonly string[]): boolean {
  let [at, from] = [0, 0];
  let star = -1;
  let starFrom = 0;
  while (from < text.length) {
    if (glob[at] === '*') {
      star = at;
      starFrom = from;
      at += 1;
    } else if (glob[at] === '?' || glob[at] === text[from]) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      starFrom += 1;
      at = star + 1;
      from = starFrom;
    } else return false;
  }
  while (glob[at] === '*') at += 1;
  return at === glob.length;
}
