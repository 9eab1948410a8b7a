import { clusterResourceBinding, resourceBinding } from './binding.ts';
import { clusterResourceBindingV1alpha1, resourceBindingV1alpha1 } from './bindingV1alpha1.ts';
import { cluster } from './cluster.ts';
import { clusterOverridePolicy, overridePolicy } from './policyOverride.ts';
import { clusterPropagationPolicy, propagationPolicy } from './policyPropagation.ts';
import { work } from './work.ts';
import type { KindSchema } from './types.ts';

/** The tables of Karmada's own kinds. */
export const karmadaKinds: readonly KindSchema[] = [
  propagationPolicy,
  clusterPropagationPolicy,
  overridePolicy,
  clusterOverridePolicy,
  cluster,
  work,
  resourceBinding,
  clusterResourceBinding,
  resourceBindingV1alpha1,
  clusterResourceBindingV1alpha1,
];
