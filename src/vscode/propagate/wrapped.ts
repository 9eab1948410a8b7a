/** What fits beside another text in a diff of two columns. */
const widest = 64;

/** `PropagationPolicy`, `ConfigMap`: what follows is its name. */
const kind = /^\W*[A-Z][a-z0-9]*[A-Z]\w*$/;

/** `Secret`, in front of `apps/podinfo`. */
const shortKind = /^\W*[A-Z][a-z0-9]+$/;

/**
 * A sentence as lines of a plain text. Names are found and copied as a whole, so that no line ends in a word, nor
 * between a kind and its name: a line may be longer for them.
 *
 * @param start what the first line begins with
 * @param hang what the others begin with
 */
export function wrapped(start: string, text: string, hang: string): readonly string[] {
  const lines: string[] = [];
  let line = start;
  let isEmpty = true;
  for (const part of partsOf(text)) {
    if (!isEmpty && line.length + 1 + part.length > widest) {
      lines.push(line);
      line = hang;
      isEmpty = true;
    }
    line += isEmpty ? part : ` ${part}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** Words, a kind together with its name. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let before = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const isName = kind.test(before) || (shortKind.test(before) && word.includes('/'));
    if (isName) parts.push(`${parts.pop() ?? ''} ${word}`);
    else parts.push(word);
    before = word;
  }
  return parts;
}
