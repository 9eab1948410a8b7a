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
  'api-version-removed': {
    severity: 'error',
    title: 'The Flux in force does not serve the version',
  },
  'override-fails': { severity: 'error', title: 'An override that cannot be applied' },
} as const satisfies { readonly [code: string]: CodeRow };

export type Code = keyof typeof codes;
