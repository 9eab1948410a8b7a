import type { Code } from '../findings/codes.ts';
import type { Finding } from '../findings/finding.ts';
import type { Snapshot } from '../snapshot.ts';
import { apiVersions } from './apiVersions.ts';
import { dependentOverrides } from './dependentOverrides.ts';
import { dependsOnCycle } from './dependsOnCycle.ts';
import type { Fix, Fixer } from './fix.ts';
import { ignoredFields } from './ignoredFields.ts';
import { healthNotInterpreted, propagateDepsIgnored } from './interpreterCustomization.ts';
import { apiNotEnabled, untoleratedTaints } from './leftOutClusters.ts';
import { notPropagated } from './notPropagated.ts';
import { overrideConflict } from './overrideConflict.ts';
import { overrideFails } from './overrideFails.ts';
import { overrideNeverApplies } from './overrideNeverApplies.ts';
import { overrideNoEffect } from './overrideNoEffect.ts';
import { overrideReplacesSubtree } from './overrideReplacesSubtree.ts';
import { placementIgnored } from './placementIgnored.ts';
import { policyNeverMatches } from './policyNeverMatches.ts';
import { policyShadowed } from './policyShadowed.ts';
import { quote } from './quote.ts';
import { invalidValue, newerField, unknownField, wrongType } from './schemaFixes.ts';
import { selectorMatchesNothing } from './selectorMatchesNothing.ts';
import { spreadUnsatisfiable } from './spreadUnsatisfiable.ts';
import { templateNotPropagated } from './templateNotPropagated.ts';
import { unknownCluster } from './unknownCluster.ts';
import { valuesText } from './valuesText.ts';

/** One row a code, one file a row. */
const fixers: { readonly [code in Code]?: Fixer } = {
  'unknown-field': unknownField,
  'wrong-type': wrongType,
  'invalid-value': invalidValue,
  'field-needs-newer-flux': newerField,
  'field-not-in-karmada': newerField,
  'admission-ignored': ignoredFields,
  'yaml-1-1': quote,
  'values-not-a-mapping': valuesText,
  'api-version-removed': apiVersions,
  'selector-api-version': apiVersions,
  'selector-matches-nothing': selectorMatchesNothing,
  'policy-never-matches': policyNeverMatches,
  'template-not-propagated': templateNotPropagated,
  'policy-shadowed': policyShadowed,
  'dependent-override-missing': dependentOverrides,
  'unknown-cluster': unknownCluster,
  'api-not-enabled': apiNotEnabled,
  'untolerated-taint': untoleratedTaints,
  'spread-unsatisfiable': spreadUnsatisfiable,
  'placement-ignored': placementIgnored,
  'source-not-propagated': notPropagated,
  'values-source-not-propagated': notPropagated,
  'depends-on-not-propagated': notPropagated,
  'depends-on-cycle': dependsOnCycle,
  'propagate-deps-ignored': propagateDepsIgnored,
  'health-not-interpreted': healthNotInterpreted,
  'override-never-applies': overrideNeverApplies,
  'override-fails': overrideFails,
  'override-replaces-subtree': overrideReplacesSubtree,
  'override-conflict': overrideConflict,
  'override-no-effect': overrideNoEffect,
};

/** The fixes of one finding, best first. */
export function fixesOf(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  return fixers[finding.code]?.(snapshot, finding) ?? [];
}
