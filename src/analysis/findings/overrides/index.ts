import type { Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { conflicts } from './conflicts.ts';
import { failedOverrides } from './failedOverrides.ts';
import { movesRelease } from './movesRelease.ts';
import { neverApplies } from './neverApplies.ts';
import { noEffect } from './noEffect.ts';
import { replacesSubtree } from './replacesSubtree.ts';
import { resultInvalid } from './resultInvalid.ts';
import { resultValuesInvalid } from './resultValuesInvalid.ts';

/** The rules about what overrides do to templates. */
export const overrideRules: readonly ((snapshot: Snapshot) => readonly Finding[])[] = [
  failedOverrides,
  neverApplies,
  noEffect,
  conflicts,
  replacesSubtree,
  movesRelease,
  resultInvalid,
  resultValuesInvalid,
];
