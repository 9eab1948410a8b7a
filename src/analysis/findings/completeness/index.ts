import type { Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { dependsOnCycle } from './dependsOnCycle.ts';
import { healthNotInterpreted } from './healthNotInterpreted.ts';
import { notPropagated } from './notPropagated.ts';
import { propagateDepsIgnored } from './propagateDepsIgnored.ts';

/** The rules about what a release needs beside itself. */
export const completenessRules: readonly ((snapshot: Snapshot) => readonly Finding[])[] = [
  notPropagated,
  dependsOnCycle,
  propagateDepsIgnored,
  healthNotInterpreted,
];
