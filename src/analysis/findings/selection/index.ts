import type { Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { dependentOverrides } from './dependentOverrides.ts';
import { policyNeverMatches } from './policyNeverMatches.ts';
import { policyShadowed } from './policyShadowed.ts';
import { selectorMatchesNothing } from './selectorMatchesNothing.ts';
import { templateNotPropagated } from './templateNotPropagated.ts';

/** The rules about which policy gets which template. */
export const selectionRules: readonly ((snapshot: Snapshot) => readonly Finding[])[] = [
  selectorMatchesNothing,
  policyNeverMatches,
  policyShadowed,
  templateNotPropagated,
  dependentOverrides,
];
