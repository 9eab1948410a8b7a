import type { Severity } from '../diagnostic.ts';

/** What is said of a code everywhere: its default severity, and in a few words what it means. */
export interface CodeRow {
  readonly severity: Severity;
  readonly title: string;
  /** General codes give way to a more specific one on the same node; among themselves the lower rank stays. */
  readonly general?: number;
}

/** Every code there is. Codes are public API: users silence them and set their severity by name. */
export const codes = {
  'yaml-syntax': { severity: 'error', title: 'The YAML cannot be read', general: 0 },
  'unknown-field': { severity: 'error', title: 'The kind has no such field', general: 1 },
  'missing-field': { severity: 'error', title: 'A required field is missing', general: 2 },
  'wrong-type': { severity: 'error', title: 'A value of the wrong type', general: 3 },
  'invalid-value': { severity: 'error', title: 'A value that the API server refuses', general: 4 },
  'admission-denied': { severity: 'error', title: "Refused by Karmada's webhooks", general: 5 },
  'admission-ignored': { severity: 'warning', title: 'Accepted, but without effect' },
  'yaml-1-1': { severity: 'warning', title: 'Go reads the YAML as something else' },
  'values-not-a-mapping': { severity: 'warning', title: 'Values that Flux leaves out' },
  'release-name-too-long': { severity: 'warning', title: 'A release name that Helm does not take' },
  'duplicate-object': { severity: 'warning', title: 'The same object twice' },
  'api-version-removed': {
    severity: 'error',
    title: 'A version that Flux does not serve or Karmada does not watch',
  },
  'selector-api-version': {
    severity: 'warning',
    title: 'A selector that matches nothing for its version',
  },
  'field-needs-newer-flux': { severity: 'error', title: 'A field of a newer Flux' },
  'field-not-in-karmada': {
    severity: 'error',
    title: 'A field that the Karmada in force does not have',
  },
  'override-never-applies': {
    severity: 'warning',
    title: 'An override for clusters that nothing goes to',
  },
  'override-fails': { severity: 'error', title: 'An override that cannot be applied' },
  'override-replaces-subtree': {
    severity: 'warning',
    title: 'An add that replaces a mapping or list with all it holds',
  },
  'override-conflict': {
    severity: 'warning',
    title: 'An override whose value another one replaces',
  },
  'override-no-effect': { severity: 'warning', title: 'An override that changes nothing' },
  'override-moves-release': {
    severity: 'warning',
    title: 'An override that makes Helm uninstall a release and install another',
  },
  'result-invalid': { severity: 'error', title: 'A result that a cluster refuses' },
  'result-values-invalid': {
    severity: 'error',
    title: "Values that the chart's schema refuses",
  },
  'selector-matches-nothing': { severity: 'warning', title: 'A selector that no template matches' },
  'policy-never-matches': { severity: 'warning', title: 'A selector that can match nothing' },
  'template-not-propagated': {
    severity: 'warning',
    title: 'A release or source that no policy claims',
  },
  'policy-shadowed': {
    severity: 'warning',
    title: 'A selector whose templates all go to other policies',
  },
  'dependent-override-missing': {
    severity: 'warning',
    title: 'A policy that waits for an override that is not there',
  },
  'unknown-cluster': { severity: 'warning', title: 'The fleet has no such cluster' },
  'no-cluster-fits': { severity: 'warning', title: 'An affinity that leaves no cluster' },
  'api-not-enabled': { severity: 'warning', title: 'A chosen cluster does not serve the API' },
  'untolerated-taint': {
    severity: 'warning',
    title: 'A chosen cluster has a taint that the policy does not tolerate',
  },
  'spread-unsatisfiable': { severity: 'warning', title: 'Spread constraints that cannot be met' },
  'placement-ignored': { severity: 'warning', title: 'A part of a placement without effect' },
  'source-not-propagated': {
    severity: 'warning',
    title: 'A release on clusters where its source is not',
  },
  'values-source-not-propagated': {
    severity: 'warning',
    title: 'A release on clusters where its values are not',
  },
  'depends-on-not-propagated': {
    severity: 'warning',
    title: 'A release on clusters where what it depends on is not',
  },
  'depends-on-cycle': { severity: 'error', title: 'Releases that wait for one another' },
  'propagate-deps-ignored': {
    severity: 'warning',
    title: 'propagateDeps on kinds that Karmada knows no dependencies of',
  },
  'health-not-interpreted': {
    severity: 'hint',
    title: 'Karmada takes every HelmRelease of this version for healthy',
  },
} as const satisfies { readonly [code: string]: CodeRow };

export type Code = keyof typeof codes;
