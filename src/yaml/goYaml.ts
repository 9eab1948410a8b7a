import type { JsonValue } from '../engine/types.ts';
import { decode } from './decode.ts';
import { readTolerantly } from './tolerant.ts';

/**
 * The first document of a text as `sigs.k8s.io/yaml` (go-yaml v2) reads it into JSON; kubectl, Flux and Karmada all
 * read YAML with it. Objects keep the order in which their keys first appear; integers that a number cannot hold
 * safely are `bigint`. An empty text is null. Never throws.
 */
export function readGoYaml(
  text: string,
): { readonly value: JsonValue } | { readonly error: string } {
  const end = /^(?:---|\.\.\.)(?=\s|$)/m;
  const first = end.exec(text);
  let source = text;
  if (first !== null) {
    const hasContent = /^(?![#%\s]).|^\s+[^#\s]/m.test(text.slice(0, first.index));
    if (hasContent) source = text.slice(0, first.index);
    else {
      const next = end.exec(text.slice(first.index + 3));
      if (next !== null) source = text.slice(0, first.index + 3 + next.index);
    }
  }
  const tree = readTolerantly(source);
  if (tree.error !== undefined) return { error: `yaml: ${tree.error.message}` };
  const { value, failure } = decode(tree.root);
  return failure === undefined ? { value } : { error: `yaml: ${failure.message}` };
}
