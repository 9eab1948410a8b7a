import { differingNodes } from '../../live/policyFields.ts';
import type { Item } from '../../snapshot.ts';
import type { ObjectContext, ObjectFinding } from '../document/objectRule.ts';

/** Fields and values of a policy that the Karmada of the control plane does not have, though the engine acts on them. */
export function absentFields(
  { source, kind, role }: Item,
  { policies: { karmada, lacking } }: ObjectContext,
): readonly ObjectFinding[] {
  if (role !== 'propagation' && role !== 'override') return [];
  return differingNodes(source, lacking.get(kind)).map(({ path, difference: { values } }) => {
    const name = String(path.at(-1));
    const code = 'field-not-in-karmada';
    if (!values) {
      const message = `${name} is not in ${karmada}: its API server refuses the policy or leaves ${name} out. Leave it out or upgrade Karmada.`;
      return { code, path, on: 'key', message };
    }
    const message = `${karmada.replace(/^the/, 'The')} does not take this ${name}: its API server refuses the policy. Choose another value, or the Karmada that has it.`;
    return { code, path, message };
  });
}
