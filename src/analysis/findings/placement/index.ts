import type { Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { placementIgnored } from './placementIgnored.ts';
import { spreadConstraints } from './spreadConstraints.ts';
import { unknownCluster } from './unknownCluster.ts';
import { unscheduled } from './unscheduled.ts';

/** The rules about where policies send things. */
export const placementRules: readonly ((snapshot: Snapshot) => readonly Finding[])[] = [
  unknownCluster,
  unscheduled,
  spreadConstraints,
  placementIgnored,
];
