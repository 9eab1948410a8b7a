import { work } from '../../../support/fleetRows.ts';
import type { FleetRows } from '../../../../src/live/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';

/** A condition of a member's HelmRelease as Flux writes it. */
export function fluxCondition(
  type: string,
  status: string,
  reason: string,
  { generation, at, message = '' }: { generation: number; at: string; message?: string },
): JsonObject {
  return {
    type,
    status,
    reason,
    message,
    observedGeneration: generation,
    lastTransitionTime: at,
  };
}

export interface Recorded {
  readonly generation: number;
  readonly sent: number;
  readonly version?: string;
  readonly isHeld?: boolean;
  readonly applied?: JsonObject;
  readonly report?: JsonObject;
  readonly uid?: string;
}

/** A Work of a HelmRelease as Karmada v1.18 and Flux 2.8 wrote it for a member. */
export function recordedWork(
  on: string,
  { generation, sent, ...more }: Recorded,
): FleetRows['works'] {
  const { version = '6.6.1', isHeld = false, report, uid = `work on ${on}` } = more;
  const applied = more.applied ?? {
    type: 'Applied',
    status: 'True',
    reason: 'AppliedSuccessful',
    message: 'Manifest has been successfully applied',
    lastTransitionTime: '2026-11-23T04:09:52Z',
  };
  return work('apps/podinfo', on, {
    metadata: {
      generation,
      uid,
      annotations: {
        'resourcebinding.karmada.io/namespace': 'apps',
        'resourcebinding.karmada.io/name': 'podinfo-helmrelease',
      },
    },
    spec: {
      suspendDispatching: isHeld,
      workload: {
        manifests: [
          {
            apiVersion: 'helm.toolkit.fluxcd.io/v2',
            kind: 'HelmRelease',
            metadata: {
              namespace: 'apps',
              name: 'podinfo',
              annotations: { 'resourcetemplate.karmada.io/generation': String(sent) },
            },
            spec: { chart: { spec: { version } } },
          },
        ],
      },
    },
    status: {
      conditions: [applied],
      ...(report ? { manifestStatuses: [{ status: report }] } : {}),
    },
  });
}

/** What the member says once a generation is installed. */
export function readyAt(generation: number, version: string, at: string): JsonObject {
  return {
    observedGeneration: generation,
    lastAttemptedGeneration: generation,
    lastAttemptedRevision: version,
    history: [{ chartName: 'podinfo', chartVersion: version, version: generation }],
    conditions: [fluxCondition('Ready', 'True', 'UpgradeSucceeded', { generation, at })],
  };
}

/** What the member says while it works on a generation, having finished the one before. */
export function upgradingTo(generation: number, version: string, at: string): JsonObject {
  const message = `Running 'upgrade' action with timeout of 5m0s`;
  return {
    observedGeneration: generation - 1,
    lastAttemptedGeneration: generation,
    lastAttemptedRevision: version,
    conditions: [
      fluxCondition('Reconciling', 'True', 'Progressing', { generation, at, message }),
      fluxCondition('Ready', 'Unknown', 'Progressing', { generation, at, message }),
    ],
  };
}
