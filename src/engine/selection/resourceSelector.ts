import { isArray, isObject, member, memberAt, stringMember } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { compileLabelSelector, labelsOf } from './labelSelector.ts';

/**
 * How strongly a selector matches (`ImplicitPriority` of `pkg/util/selector.go`): 0 not at all, 1 by type alone, 2 by
 * labels, 3 by name.
 */
export type Match = 0 | 1 | 2 | 3;

/** How strongly something matches an object. */
export type Matcher = (object: JsonObject) => Match;

const never: Matcher = () => 0;
const compiledSelectors = new WeakMap<JsonObject, Matcher>();
const compiledLists = new WeakMap<readonly JsonValue[], Matcher>();

/**
 * Compiles one `ResourceSelector` (`ResourceSelectorPriority` of `pkg/util/selector.go`). A name makes the label
 * selector irrelevant; an empty but present label selector matches everything, at level 2. Compiled once an object.
 */
export function compileResourceSelector(selector: JsonValue): Matcher {
  if (!isObject(selector)) return never;
  const known = compiledSelectors.get(selector);
  if (known) return known;
  const matcher = compile(selector);
  compiledSelectors.set(selector, matcher);
  return matcher;
}

function compile(selector: JsonObject): Matcher {
  const apiVersion = stringMember(selector, 'apiVersion');
  const kind = stringMember(selector, 'kind');
  const namespace = stringMember(selector, 'namespace');
  const isCandidate = (object: JsonObject): boolean =>
    stringMember(object, 'kind') === kind &&
    stringMember(object, 'apiVersion') === apiVersion &&
    (namespace === '' || namespace === metadataString(object, 'namespace'));
  const name = stringMember(selector, 'name');
  if (name !== '') {
    return (object) => (metadataString(object, 'name') === name && isCandidate(object) ? 3 : 0);
  }
  const labelSelector = member(selector, 'labelSelector') ?? null;
  if (labelSelector === null) return (object) => (isCandidate(object) ? 1 : 0);
  const matches = compileLabelSelector(labelSelector);
  if (!matches) return never;
  return (object) => (isCandidate(object) && matches(labelsOf(object)) ? 2 : 0);
}

/**
 * Compiles a list of selectors to the strongest match of any (`ResourceMatchSelectorsPriority`). An empty or absent
 * list matches nothing; overrides, for which it means everything, ask before. Compiled once a list.
 */
export function compileResourceSelectors(selectors: JsonValue | undefined): Matcher {
  if (!isArray(selectors)) return never;
  const known = compiledLists.get(selectors);
  if (known) return known;
  const matchers = selectors.map(compileResourceSelector);
  const only = matchers.length === 1 ? matchers[0] : undefined;
  const matcher: Matcher =
    only ??
    ((object) => {
      let best: Match = 0;
      for (const match of matchers) {
        const found = match(object);
        if (found > best) best = found;
      }
      return best;
    });
  compiledLists.set(selectors, matcher);
  return matcher;
}

function metadataString(object: JsonObject, key: string): string {
  const value = memberAt(object, 'metadata', key);
  return typeof value === 'string' ? value : '';
}
