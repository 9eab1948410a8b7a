import type { FluxMinor } from '../../../engine/index.ts';
import type { PolicyFields } from '../../live/policyFields.ts';
import type { VersionsInForce } from '../../live/servedVersions.ts';
import type { Item } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';

/** A finding of one object without the object, so that it can be kept while the object stays. */
export type ObjectFinding = Omit<Finding, 'item' | 'related'>;

export interface ObjectContext {
  readonly flux: FluxMinor;
  /** In which versions the control plane has the kinds of Flux. */
  readonly versions: VersionsInForce;
  /** In what policies differ from the modelled ones. */
  readonly policies: PolicyFields;
  readonly featureGates: { readonly [gate: string]: boolean };
}

/** A rule that needs one object, as written and as stored, and what is in force; nothing else of a workspace. */
export type ObjectRule = (item: Item, context: ObjectContext) => readonly ObjectFinding[];
