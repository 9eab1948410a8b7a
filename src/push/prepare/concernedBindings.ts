import { liveName } from '../../analysis/index.ts';
import { apiGroup, arrayMember, member, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { BindingRow, FleetModel } from '../../live/index.ts';
import type { ObjectChange } from '../types.ts';

/**
 * The bindings of templates that changes may touch: the changed objects themselves, what a changed policy claims or
 * selects, before or after, and what goes along with them. Rather one too many: which fare differently is planned later.
 */
export function concernedBindings(
  model: FleetModel,
  changes: readonly ObjectChange[],
): readonly BindingRow[] {
  const written = changes.filter(({ type }) => type !== 'unchanged');
  const named = new Set(changes.map(({ reference }) => liveName(reference)));
  const isSelected = written.filter(isPolicy).flatMap(selectorsOf);
  const claimed = new Set(
    written.map(({ reference: { kind, namespace, name } }) => `${kind}/${namespace}/${name}`),
  );
  const bindings = [...model.rows('bindings').values()];
  const direct = bindings.filter(
    ({ template, policy }) =>
      named.has(liveName(template)) ||
      (policy && claimed.has(`${policy.kind}/${policy.namespace}/${policy.name}`)) ||
      isSelected.some((selects) => selects(template)),
  );
  const found = new Set(direct);
  const namespaces = new Set(direct.map(({ template }) => template.namespace));
  for (const { reference } of written) namespaces.add(reference.namespace);
  for (const binding of bindings) {
    if (binding.requiredBy.length > 0 && namespaces.has(binding.template.namespace))
      found.add(binding);
  }
  return [...found].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

type Selects = (template: BindingRow['template']) => boolean;

function isPolicy({ reference: { apiVersion } }: ObjectChange): boolean {
  return apiGroup(apiVersion) === 'policy.karmada.io';
}

function selectorsOf(change: ObjectChange): readonly Selects[] {
  const { reference, before, after } = change;
  return [before, after].flatMap((policy) =>
    policy ? [selectorOf(policy, reference.namespace)] : [],
  );
}

/** Without labels, which may change in the same push. An OverridePolicy without selectors is about everything. */
function selectorOf(policy: JsonObject, namespace: string): Selects {
  const spec = member(policy, 'spec');
  const selectors = arrayMember(spec, 'resourceSelectors');
  const isOverride =
    memberAt(policy, 'kind') === 'OverridePolicy' ||
    memberAt(policy, 'kind') === 'ClusterOverridePolicy';
  const isInside: Selects = (template) => namespace === '' || template.namespace === namespace;
  if (isOverride && selectors.length === 0) return isInside;
  return (template) => isInside(template) && selectors.some((selector) => fits(selector, template));
}

function fits(selector: JsonValue, template: BindingRow['template']): boolean {
  const [namespace, name] = [stringMember(selector, 'namespace'), stringMember(selector, 'name')];
  return (
    apiGroup(stringMember(selector, 'apiVersion')) === apiGroup(template.apiVersion) &&
    stringMember(selector, 'kind') === template.kind &&
    (namespace === '' || namespace === template.namespace) &&
    (name === '' || name === template.name)
  );
}
