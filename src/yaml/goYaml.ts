import type { JsonValue } from '../engine/types.ts';
import { compose } from './compose.ts';
import { decode } from './decode.ts';

/**
 * The first document of a text as `sigs.k8s.io/yaml` (go-yaml v2) reads it into JSON; kubectl, Flux and Karmada all
 * read YAML with it. Objects keep the order in which their keys first appear; integers that a number cannot hold
 * safely are `bigint`. An empty text is null. Never throws.
 */
export function readGoYaml(
  text: string,
): { readonly value: JsonValue } | { readonly error: string } {
  const { root, stop } = compose(text);
  if (stop !== undefined) return { error: `yaml: ${stop.message}` };
  if (root === undefined) return { value: null };
  const { value, failure } = decode(root);
  return failure === undefined ? { value } : { error: `yaml: ${failure.message}` };
}
