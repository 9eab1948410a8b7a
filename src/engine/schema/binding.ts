import {
  bindingSuspension,
  conditions,
  conflictResolution,
  described,
  failover,
  placement,
  quantities,
  stringList,
  stringMap,
  tolerations,
} from './policyBuildingBlocks.ts';
import type { KindSchema, Schema } from './types.ts';

/** Followed: `pkg/apis/work/v1alpha2/binding_types.go`. The two kinds have the same shape. */

export const targetClusters: Schema = {
  type: 'array',
  description: 'Clusters that the resource goes to.',
  items: {
    type: 'object',
    description: 'One cluster.',
    required: ['name'],
    properties: {
      name: { type: 'string', description: 'Name of the cluster.' },
      replicas: { type: 'integer', format: 'int32', description: 'Replicas for the cluster.' },
    },
  },
};

function nodeRequirements(description: string): Schema {
  return {
    type: 'array',
    description,
    listType: 'atomic',
    items: {
      type: 'object',
      description: 'One condition.',
      required: ['key', 'operator'],
      properties: {
        key: { type: 'string', description: 'Key of the label or name of the field.' },
        operator: {
          type: 'string',
          description: 'How to compare: In, NotIn, Exists, DoesNotExist, Gt or Lt.',
        },
        values: {
          type: 'array',
          description: 'Values to compare with.',
          items: { type: 'string' },
          listType: 'atomic',
        },
      },
    },
  };
}

const nodeClaim: Schema = {
  type: 'object',
  description: 'What the nodes must have.',
  properties: {
    hardNodeAffinity: {
      type: 'object',
      description: 'Nodes that fit.',
      mapType: 'atomic',
      required: ['nodeSelectorTerms'],
      properties: {
        nodeSelectorTerms: {
          type: 'array',
          description: 'One of these must hold.',
          listType: 'atomic',
          items: {
            type: 'object',
            description: 'Conditions that must all hold.',
            mapType: 'atomic',
            properties: {
              matchExpressions: nodeRequirements('Conditions on labels of the node.'),
              matchFields: nodeRequirements('Conditions on fields of the node.'),
            },
          },
        },
      },
    },
    nodeSelector: stringMap('Labels that the node must carry.'),
    tolerations: described(tolerations, 'Taints of nodes that do not matter.'),
  },
};

const perReplica: { readonly [name: string]: Schema } = {
  nodeClaim,
  priorityClassName: { type: 'string', description: 'Priority class of the Pods.' },
  resourceRequest: quantities('Resources that one replica asks for.'),
};

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
        uid: { type: 'string', description: 'uid of the resource.' },
        resourceVersion: { type: 'string', description: 'Version of the resource last seen.' },
      },
    },
    clusters: targetClusters,
    placement: described(placement, 'Copy of the placement of the policy.'),
    propagateDeps: {
      type: 'boolean',
      description: 'Whether what the resource refers to is propagated as well.',
    },
    replicas: { type: 'integer', format: 'int32', description: 'Replicas of the resource.' },
    replicaRequirements: {
      type: 'object',
      description: 'What one replica needs.',
      properties: {
        ...perReplica,
        namespace: { type: 'string', description: 'Namespace of the resource.' },
      },
    },
    components: {
      type: 'array',
      description: 'Parts of the resource with replicas of their own.',
      items: {
        type: 'object',
        description: 'One part.',
        required: ['name', 'replicas'],
        properties: {
          name: { type: 'string', description: 'Name of the part.', maxLength: 32 },
          replicas: { type: 'integer', format: 'int32', description: 'Replicas of the part.' },
          replicaRequirements: {
            type: 'object',
            description: 'What one replica of the part needs.',
            properties: perReplica,
          },
        },
      },
    },
    gracefulEvictionTasks: {
      type: 'array',
      description: 'Clusters that the resource is leaving.',
      items: {
        type: 'object',
        description: 'One cluster being left.',
        required: ['fromCluster', 'producer', 'reason'],
        properties: {
          fromCluster: { type: 'string', description: 'Cluster being left.' },
          purgeMode: {
            type: 'string',
            description: 'When the copy there is removed.',
            enum: ['Immediately', 'Directly', 'Graciously', 'Gracefully', 'Never'],
          },
          replicas: { type: 'integer', format: 'int32', description: 'Replicas that move.' },
          reason: {
            type: 'string',
            description: 'Why, in one word.',
            minLength: 1,
            maxLength: 32,
            pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
          },
          message: { type: 'string', description: 'Why, in a sentence.', maxLength: 1024 },
          producer: { type: 'string', description: 'Controller that asked for it.' },
          gracePeriodSeconds: {
            type: 'integer',
            format: 'int32',
            description: 'The longest wait for the new copy, in seconds.',
          },
          suppressDeletion: {
            type: 'boolean',
            description: 'true keeps the old copy until someone confirms.',
          },
          preservedLabelState: stringMap('Labels that carry state to the new copy.'),
          creationTimestamp: {
            type: 'string',
            format: 'date-time',
            description: 'When the move began.',
          },
          clustersBeforeFailover: stringList('Clusters that had the resource before.'),
        },
      },
    },
    requiredBy: {
      type: 'array',
      description: 'Bindings whose resource needs this one.',
      items: {
        type: 'object',
        description: 'One binding.',
        required: ['name'],
        properties: {
          namespace: { type: 'string', description: 'Namespace of the binding.' },
          name: { type: 'string', description: 'Name of the binding.' },
          clusters: described(targetClusters, 'Clusters of that binding.'),
        },
      },
    },
    schedulerName: { type: 'string', description: 'Scheduler that chooses the clusters.' },
    failover: described(failover, 'Copy of the failover settings of the policy.'),
    conflictResolution,
    rescheduleTriggeredAt: {
      type: 'string',
      format: 'date-time',
      description: 'When someone last asked for a new choice of clusters.',
    },
    suspension: bindingSuspension,
    preserveResourcesOnDeletion: {
      type: 'boolean',
      description: 'Whether copies stay on the clusters when the resource is deleted.',
    },
    schedulePriority: {
      type: 'object',
      description: 'Which bindings are scheduled first.',
      properties: {
        priority: {
          type: 'integer',
          format: 'int32',
          description: 'Higher is earlier.',
          default: 0,
        },
      },
    },
    workloadAffinityGroups: {
      type: 'object',
      description: 'Groups that the workload belongs to.',
      properties: {
        affinityGroup: { type: 'string', description: 'Group that stays together.' },
        antiAffinityGroup: { type: 'string', description: 'Group that stays apart.' },
      },
    },
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
          health: {
            type: 'string',
            description: 'What Karmada makes of the status.',
            enum: ['Healthy', 'Unhealthy', 'Unknown'],
          },
        },
      },
    },
    lastScheduledTime: {
      type: 'string',
      format: 'date-time',
      description: 'When the clusters were last chosen.',
    },
    schedulerObservedGeneration: {
      type: 'integer',
      format: 'int64',
      description: 'Generation of the binding that the scheduler has seen.',
    },
    schedulerObservingAffinityName: {
      type: 'string',
      description: 'Group of clusterAffinities in use.',
    },
  },
};

export const resourceBinding: KindSchema = {
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  plural: 'resourcebindings',
  shortNames: ['rb'],
  categories: ['karmada-io'],
  namespaced: true,
  description: 'A resource and the clusters chosen for it. Written by Karmada.',
  columns: [
    {
      name: 'SCHEDULED',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Scheduled")].status',
    },
    {
      name: 'FULLYAPPLIED',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="FullyApplied")].status',
    },
    { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  schema: { type: 'object', required: ['spec'], properties: { spec, status } },
};

export const clusterResourceBinding: KindSchema = {
  ...resourceBinding,
  kind: 'ClusterResourceBinding',
  plural: 'clusterresourcebindings',
  shortNames: ['crb'],
  namespaced: false,
  description: 'A cluster-scoped resource and the clusters chosen for it. Written by Karmada.',
};
