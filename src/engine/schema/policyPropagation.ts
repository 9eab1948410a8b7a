import {
  conflictResolution,
  described,
  failover,
  placement,
  resourceSelectors,
  stringList,
  suspension,
} from './policyBuildingBlocks.ts';
import type { KindSchema, PrinterColumn, Schema } from './types.ts';

/** Followed: `pkg/apis/policy/v1alpha1/propagation_types.go`. The two kinds have the same spec. */
const propagationSpec: Schema = {
  type: 'object',
  description: 'Which resources go to which clusters.',
  required: ['resourceSelectors'],
  properties: {
    resourceSelectors: {
      ...resourceSelectors,
      description: 'Resources that the policy propagates. A resource belongs to one policy only.',
      minItems: 1,
    },
    placement,
    propagateDeps: {
      type: 'boolean',
      description:
        'true propagates what the resource refers to as well, such as ConfigMaps and Secrets of a Deployment.',
    },
    dependentOverrides: stringList(
      'Override policies that must exist before anything is propagated.',
    ),
    priority: {
      type: 'integer',
      format: 'int32',
      description: 'Of two policies that select a resource, the one with the higher priority wins.',
      default: 0,
    },
    preemption: {
      type: 'string',
      description: 'Always lets the policy take resources over from a policy of lower priority.',
      enum: ['Always', 'Never'],
      default: 'Never',
    },
    conflictResolution,
    schedulerName: {
      type: 'string',
      description: 'Scheduler that chooses the clusters. Cannot be changed later.',
      default: 'default-scheduler',
    },
    failover,
    suspension,
    activationPreference: {
      type: 'string',
      description: 'Lazy: a change of the policy reaches a resource only when that changes next.',
      enum: ['Lazy'],
    },
    preserveResourcesOnDeletion: {
      type: 'boolean',
      description: 'true leaves the copies on the clusters when the resource is deleted.',
    },
    schedulePriority: {
      type: 'object',
      description: 'Which resources are scheduled first. Needs a feature gate.',
      required: ['priorityClassName', 'priorityClassSource'],
      properties: {
        priorityClassSource: {
          type: 'string',
          description: 'Kind of priority class: KubePriorityClass is that of Kubernetes.',
          enum: ['KubePriorityClass'],
        },
        priorityClassName: { type: 'string', description: 'Name of the priority class.' },
      },
    },
    association: {
      type: 'boolean',
      description: 'Has no effect. Use propagateDeps.',
      deprecated: true,
    },
  },
};

const columns: readonly PrinterColumn[] = [
  { name: 'CONFLICT-RESOLUTION', type: 'string', jsonPath: '.spec.conflictResolution' },
  { name: 'PRIORITY', type: 'string', jsonPath: '.spec.priority' },
  { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

const schema: Schema = {
  type: 'object',
  required: ['spec'],
  properties: { spec: propagationSpec },
};

export const propagationPolicy: KindSchema = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  plural: 'propagationpolicies',
  shortNames: ['pp'],
  categories: ['karmada-io'],
  namespaced: true,
  description: 'Propagates resources of its own namespace to member clusters.',
  schema,
  columns,
};

export const clusterPropagationPolicy: KindSchema = {
  ...propagationPolicy,
  kind: 'ClusterPropagationPolicy',
  plural: 'clusterpropagationpolicies',
  shortNames: ['cpp'],
  namespaced: false,
  description:
    'Propagates resources of any namespace, and cluster-scoped ones, to member clusters.',
  schema: {
    ...schema,
    properties: {
      spec: described(propagationSpec, 'Which resources of any namespace go to which clusters.'),
    },
  },
};
