import { clusterResourceBinding, resourceBinding, targetClusters } from './binding.ts';
import { conditions, quantities } from './policyBuildingBlocks.ts';
import type { KindSchema, Schema } from './types.ts';

/** Followed: `pkg/apis/work/v1alpha1/binding_types.go`. Still served, for old clients; Karmada itself uses v1alpha2. */

const spec: Schema = {
  type: 'object',
  description: 'The resource and where it goes.',
  required: ['resource'],
  properties: {
    resource: {
      type: 'object',
      description: 'The resource in the control plane.',
      required: ['apiVersion', 'kind', 'name'],
      properties: {
        apiVersion: { type: 'string', description: 'apiVersion of the resource.' },
        kind: { type: 'string', description: 'Kind of the resource.' },
        namespace: { type: 'string', description: 'Namespace of the resource.' },
        name: { type: 'string', description: 'Name of the resource.' },
        resourceVersion: { type: 'string', description: 'Version of the resource last seen.' },
        replicas: { type: 'integer', format: 'int32', description: 'Replicas of the resource.' },
        resourcePerReplicas: quantities('Resources that one replica asks for.'),
      },
    },
    clusters: targetClusters,
  },
};

const status: Schema = {
  type: 'object',
  description: 'What became of the resource.',
  properties: {
    conditions,
    aggregatedStatus: {
      type: 'array',
      description: 'The status on each cluster.',
      items: {
        type: 'object',
        description: 'The status on one cluster.',
        required: ['clusterName'],
        properties: {
          clusterName: { type: 'string', description: 'Name of the cluster.' },
          status: {
            type: 'object',
            description: 'The status as the cluster reports it.',
            preserveUnknownFields: true,
          },
          applied: { type: 'boolean', description: 'Whether the cluster has the resource.' },
          appliedMessage: { type: 'string', description: 'Why it has not.' },
        },
      },
    },
  },
};

const v1alpha1 = {
  apiVersion: 'work.karmada.io/v1alpha1',
  schema: { type: 'object', required: ['spec'], properties: { spec, status } },
  columns: [],
} as const;

export const resourceBindingV1alpha1: KindSchema = { ...resourceBinding, ...v1alpha1 };
export const clusterResourceBindingV1alpha1: KindSchema = {
  ...clusterResourceBinding,
  ...v1alpha1,
};
