import { arrayMember, isObject } from '../json.ts';
import type { JsonObject, JsonValue, Result } from '../types.ts';
import { applyCommandOverrider } from './commandOverrider.ts';
import { applyFieldOverrider } from './fieldOverrider.ts';
import { applyImageOverrider } from './imageOverrider.ts';
import { applyLabelAnnotationOverrider } from './labelAnnotationOverrider.ts';
import { applyPlaintext } from './plaintextOverrider.ts';

/** The lists of `Overriders`, in the order in which Karmada applies them. */
export const overriderNames = [
  'imageOverrider',
  'commandOverrider',
  'argsOverrider',
  'labelsOverrider',
  'annotationsOverrider',
  'fieldOverrider',
  'plaintext',
] as const;

export type OverriderName = (typeof overriderNames)[number];

/** One thing that a rule does to an object: an entry of a list, or the whole `plaintext` list, which is one patch. */
export interface OverrideStep {
  readonly overrider: OverriderName;
  /** Position in its list; 0 for `plaintext`. */
  readonly item: number;
  readonly apply: (object: JsonObject) => Result<JsonObject>;
}

type ItemOverrider = (object: JsonObject, item: JsonValue) => Result<JsonObject>;

const itemOverriders: readonly (readonly [OverriderName, ItemOverrider])[] = [
  ['imageOverrider', applyImageOverrider],
  ['commandOverrider', (object, item) => applyCommandOverrider(object, item, 'command')],
  ['argsOverrider', (object, item) => applyCommandOverrider(object, item, 'args')],
  ['labelsOverrider', (object, item) => applyLabelAnnotationOverrider(object, item, 'labels')],
  [
    'annotationsOverrider',
    (object, item) => applyLabelAnnotationOverrider(object, item, 'annotations'),
  ],
  ['fieldOverrider', applyFieldOverrider],
];

const compiled = new WeakMap<JsonObject, readonly OverrideStep[]>();
const noOverriders: JsonObject = {};

/**
 * What a rule's `overriders` do, in order (`applyPolicyOverriders` of
 * `pkg/util/overridemanager/overridemanager.go`). The plaintext patch always runs, empty or not.
 */
export function compileOverriders(overriders: JsonValue | undefined): readonly OverrideStep[] {
  const lists = isObject(overriders) ? overriders : noOverriders;
  const known = compiled.get(lists);
  if (known) return known;
  const steps: OverrideStep[] = [];
  for (const [overrider, apply] of itemOverriders) {
    for (const [item, entry] of arrayMember(lists, overrider).entries()) {
      steps.push({ overrider, item, apply: (object) => apply(object, entry) });
    }
  }
  const plaintext = arrayMember(lists, 'plaintext');
  steps.push({
    overrider: 'plaintext',
    item: 0,
    apply: (object) => applyPlaintext(object, plaintext),
  });
  compiled.set(lists, steps);
  return steps;
}

/** Runs the steps of a rule; the first error ends it and nothing of the rule stays. */
export function applySteps(object: JsonObject, steps: readonly OverrideStep[]): Result<JsonObject> {
  let at = object;
  for (const step of steps) {
    const result = step.apply(at);
    if ('error' in result) return result;
    at = result.value;
  }
  return { value: at };
}
