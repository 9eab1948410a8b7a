import { arrayMember, deepEqual, isObject, member, memberAt } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import {
  applyEdits,
  insertItem,
  parseSource,
  printYaml,
  removeValue,
  setValue,
} from '../../yaml/index.ts';
import type { EditResult, SourceDocument, SourcePath } from '../../yaml/index.ts';
import type { Item } from '../snapshot.ts';
import type { PlaintextEntry } from './overrideDifference.ts';

/** Entries for some clusters: an item of `overrideRules`. */
export interface Rule {
  /** Of type ClusterAffinity. */
  readonly targetCluster: JsonObject;
  readonly entries: readonly PlaintextEntry[];
}

/** The object that a policy is about. */
export interface Selected {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Whether its document names no namespace; the policy then names none either. */
  readonly namespaceAssumed: boolean;
}

/** The style of files that are made here: lists stand inside their key. */
const style = { step: '  ', listStep: '  ' };

/** A policy with one rule for one object, as the text of a new file. */
export function newPolicyText(name: string, selected: Selected, rule: Rule): string {
  const { apiVersion, kind, namespace, namespaceAssumed } = selected;
  const place = namespace === '' || namespaceAssumed ? {} : { namespace };
  const policy = {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: namespace === '' ? 'ClusterOverridePolicy' : 'OverridePolicy',
    metadata: { name, ...place },
    spec: {
      resourceSelectors: [{ apiVersion, kind, ...place, name: selected.name }],
      overrideRules: [ruleObject(rule)],
    },
  };
  return printYaml(policy, style);
}

/** Whether a policy is about one object by its name and nothing else, so that its rules can be added to. */
export function isAbout({ stored, source }: Item, selected: Selected): boolean {
  const spec = member(stored, 'spec');
  const [selector, ...more] = arrayMember(spec, 'resourceSelectors');
  const written = member(source, 'spec');
  return (
    isObject(selector) &&
    more.length === 0 &&
    member(selector, 'apiVersion') === selected.apiVersion &&
    member(selector, 'kind') === selected.kind &&
    member(selector, 'name') === selected.name &&
    ['', selected.namespace, undefined].some((name) => name === member(selector, 'namespace')) &&
    // A policy with these takes no rules.
    isEmpty(member(written, 'overriders')) &&
    isEmpty(member(written, 'targetCluster')) &&
    arrayMember(written, 'overrideRules').length > 0
  );
}

function isEmpty(value: JsonValue | undefined): boolean {
  return (value ?? null) === null || (isObject(value) && Object.keys(value).length === 0);
}

/** The text of a policy's file with a rule behind the others; `undefined` where it cannot be edited. */
export function withRule(item: Item, rule: Rule): string | undefined {
  return edited(item, [
    (document) => insertItem(document, [...item.path, 'spec', 'overrideRules'], ruleObject(rule)),
  ]);
}

/**
 * The texts of a policy's file with entries in the rules that it has for just these clusters: an entry with the same path
 * goes where the template says the same, or has the new value; the others come behind. The last such rule first.
 */
export function withEntries(
  item: Item,
  { targetCluster, entries }: Rule,
  template: JsonObject,
): readonly string[] {
  const rules = arrayMember(member(item.source, 'spec'), 'overrideRules');
  return [...rules.entries()].toReversed().flatMap(([index, written]) => {
    if (!isSameTarget(member(written, 'targetCluster'), targetCluster)) return [];
    const path = [...item.path, 'spec', 'overrideRules', index];
    const texts = [template, undefined].map((same) =>
      mergedInto(item, { path, written }, entries, same),
    );
    return texts.filter((text) => text !== undefined);
  });
}

function isSameTarget(written: JsonValue | undefined, target: JsonObject): boolean {
  if (!isObject(written) || Object.keys(written).length !== Object.keys(target).length)
    return false;
  const [a, b] = [written, target].map((one) => arrayMember(one, 'clusterNames'));
  if (a?.length === 0 || b?.length === 0) return deepEqual(written, target);
  return deepEqual(a?.toSorted(), b?.toSorted());
}

interface Written {
  readonly path: SourcePath;
  readonly written: JsonValue;
}

type Step = (document: SourceDocument) => EditResult;

function mergedInto(
  item: Item,
  { path, written }: Written,
  entries: readonly PlaintextEntry[],
  template: JsonObject | undefined,
): string | undefined {
  const overriders = member(written, 'overriders');
  const existing = arrayMember(overriders, 'plaintext');
  const list = [...path, 'overriders', 'plaintext'];
  const steps: Step[] = [];
  const gone: number[] = [];
  const appended: Step[] = [];
  for (const entry of entries) {
    const index = existing.findLastIndex((one) => member(one, 'path') === entry.path);
    if (index < 0 || /\/(?:-|\d+)$/.test(entry.path)) {
      appended.push((document) => insertItem(document, list, entryObject(entry)));
    } else if (template && deepEqual(valueAt(template, entry.path), entry.value)) gone.push(index);
    else steps.push(...replaced([...list, index], existing[index] ?? null, entry));
  }
  const isLastEntry = gone.length === existing.length && appended.length === 0;
  if (isLastEntry && isObject(overriders) && Object.keys(overriders).length === 1) {
    return withoutRule(item, path);
  }
  const removals = gone
    .toSorted((a, b) => b - a)
    .map(
      (index): Step =>
        (document) =>
          removeValue(document, [...list, index]),
    );
  return edited(item, [...steps, ...removals, ...appended]);
}

function replaced(path: SourcePath, existing: JsonValue, entry: PlaintextEntry): readonly Step[] {
  const { operator, value } = entry;
  const set =
    (key: string, to: JsonValue): Step =>
    (document) =>
      setValue(document, [...path, key], to);
  if (operator === 'remove') {
    return [
      set('operator', 'remove'),
      ...(isObject(existing) && Object.hasOwn(existing, 'value')
        ? [(document: SourceDocument) => removeValue(document, [...path, 'value'])]
        : []),
    ];
  }
  // What the entry removed until now is in the template.
  const isBack = member(existing, 'operator') === 'remove';
  return [...(isBack ? [set('operator', 'replace')] : []), set('value', value ?? null)];
}

/** The file without a rule, without the policy when it was its last one; '' when nothing is left in the file. */
function withoutRule(item: Item, path: SourcePath): string | undefined {
  if (arrayMember(member(item.source, 'spec'), 'overrideRules').length > 1) {
    return edited(item, [(document) => removeValue(document, path)]);
  }
  if (item.path.length > 0) return undefined;
  const { start, end } = item.document;
  const text = applyEdits(item.file.source.text, [{ start, end, newText: '' }]);
  return parseSource(text).documents.every(({ value }) => value === null) ? '' : text;
}

/** One edit after the other, each in what the one before has left. */
function edited({ file, document }: Item, steps: readonly Step[]): string | undefined {
  const index = file.source.documents.indexOf(document);
  let source = file.source;
  for (const step of steps) {
    const current = source.documents[index];
    const result = current && step(current);
    if (!result || 'reason' in result) return undefined;
    source = parseSource(applyEdits(source.text, result.edits), source);
  }
  return source.text;
}

function ruleObject({ targetCluster, entries }: Rule): JsonObject {
  return { targetCluster, overriders: { plaintext: entries.map(entryObject) } };
}

function entryObject({ path, operator, value }: PlaintextEntry): JsonObject {
  return value === undefined ? { path, operator } : { path, operator, value };
}

function valueAt(template: JsonObject, path: string): JsonValue | undefined {
  const steps = path.slice(1).split('/');
  const keys = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return memberAt(template, ...keys);
}
