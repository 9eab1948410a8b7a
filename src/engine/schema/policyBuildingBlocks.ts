import type { Schema } from './types.ts';

/** Sub-tables that several kinds of Karmada share. Followed: `pkg/apis/policy/v1alpha1`, `metav1`, `corev1`. */

export const string: Schema = { type: 'string' };

/** A list of strings with a description of its own. */
export function stringList(description: string, item: Schema = string): Schema {
  return { type: 'array', description, items: item };
}

/** A map of strings with a description of its own. */
export function stringMap(description: string): Schema {
  return { type: 'object', description, additionalProperties: string };
}

/** The same node under another description. */
export function described(schema: Schema, description: string): Schema {
  return { ...schema, description };
}

const requirementValues: Schema = {
  type: 'array',
  description:
    'Values to compare with. Needed for In and NotIn, left out for Exists and DoesNotExist.',
  items: string,
  listType: 'atomic',
};

export const labelSelector: Schema = {
  type: 'object',
  description: 'Labels to select by. Everything given must hold.',
  mapType: 'atomic',
  properties: {
    matchLabels: stringMap('Labels that must be there with exactly these values.'),
    matchExpressions: {
      type: 'array',
      description: 'Conditions on labels. All must hold.',
      listType: 'atomic',
      items: {
        type: 'object',
        description: 'One condition on a label.',
        required: ['key', 'operator'],
        properties: {
          key: { type: 'string', description: 'Key of the label.' },
          operator: {
            type: 'string',
            description: 'How to compare: In, NotIn, Exists or DoesNotExist.',
          },
          values: requirementValues,
        },
      },
    },
  },
};

export const resourceSelectors: Schema = {
  type: 'array',
  items: {
    type: 'object',
    description: 'Selects resources of one kind, by name, by labels or all of them.',
    required: ['apiVersion', 'kind'],
    properties: {
      apiVersion: {
        type: 'string',
        description:
          'apiVersion of the resources, compared letter by letter with the version that the control plane prefers.',
      },
      kind: { type: 'string', description: 'Kind of the resources.' },
      namespace: {
        type: 'string',
        description:
          'Namespace of the resources. A namespaced policy can name its own only; in a cluster-wide policy, left out means any.',
      },
      name: {
        type: 'string',
        description: 'Name of the resource. When given, labelSelector is not looked at.',
      },
      labelSelector: described(labelSelector, 'Labels that the resources must carry.'),
    },
  },
};

const fieldSelector: Schema = {
  type: 'object',
  description: 'Selects clusters by provider, region or zone of the Cluster object.',
  properties: {
    matchExpressions: {
      type: 'array',
      description: 'Conditions on cluster fields. All must hold.',
      items: {
        type: 'object',
        description: 'One condition on a cluster field.',
        required: ['key', 'operator'],
        properties: {
          key: { type: 'string', description: 'Field of the cluster: provider, region or zone.' },
          operator: { type: 'string', description: 'How to compare: In or NotIn.' },
          values: described(requirementValues, 'Values to compare the field with.'),
        },
      },
    },
  },
};

const clusterAffinityFields: { readonly [name: string]: Schema } = {
  labelSelector: described(labelSelector, 'Selects clusters by labels of the Cluster object.'),
  fieldSelector,
  clusterNames: stringList('Names of the clusters. Left out means every cluster.'),
  exclude: stringList('Clusters to leave out, whatever else selects them.'),
};

export const clusterAffinity: Schema = {
  type: 'object',
  description:
    'Which clusters. All conditions given must hold; an empty one selects every cluster.',
  properties: clusterAffinityFields,
};

const affinityName: Schema = {
  type: 'string',
  description: 'Name of this group of clusters, unique in the policy.',
  minLength: 1,
  maxLength: 32,
};

/** `clusterAffinities`: groups of clusters of which the first that fits is used. */
const clusterAffinities: Schema = {
  type: 'array',
  description:
    'Groups of clusters in order of preference; the first that can be scheduled is used. Not together with clusterAffinity.',
  items: {
    type: 'object',
    description: 'One group of clusters.',
    required: ['affinityName'],
    properties: {
      affinityName,
      ...clusterAffinityFields,
      overflowAffinities: {
        type: 'array',
        description:
          'Further clusters, in order, for the replicas that the group has no room for. For dynamic weights and aggregated division only.',
        items: {
          type: 'object',
          description: 'Clusters that take what does not fit before them.',
          required: ['affinityName'],
          properties: {
            affinityName: described(affinityName, 'Name of the overflow, unique in its group.'),
            ...clusterAffinityFields,
          },
        },
      },
    },
  },
};

export const tolerations: Schema = {
  type: 'array',
  description: 'Taints that do not keep the resources away.',
  items: {
    type: 'object',
    description: 'One kind of taint to tolerate.',
    properties: {
      key: {
        type: 'string',
        description: 'Key of the taint. Empty together with the operator Exists: every taint.',
      },
      operator: {
        type: 'string',
        description: 'Equal (the default) compares the value too, Exists only the key.',
      },
      value: { type: 'string', description: 'Value of the taint, for the operator Equal.' },
      effect: {
        type: 'string',
        description: 'Effect to tolerate: NoSchedule or NoExecute. Left out means all.',
      },
      tolerationSeconds: {
        type: 'integer',
        format: 'int64',
        description:
          'How long a NoExecute taint is tolerated, in seconds. Left out means for ever.',
      },
    },
  },
};

const replicaScheduling: Schema = {
  type: 'object',
  description:
    'How replicas are spread over the clusters. Without it every cluster gets all of them.',
  properties: {
    replicaSchedulingType: {
      type: 'string',
      description: 'Duplicated: every cluster gets all replicas. Divided: the clusters share them.',
      enum: ['Duplicated', 'Divided'],
      default: 'Divided',
    },
    replicaDivisionPreference: {
      type: 'string',
      description:
        'How replicas are divided: Aggregated on as few clusters as possible, or Weighted by weightPreference.',
      enum: ['Aggregated', 'Weighted'],
    },
    weightPreference: {
      type: 'object',
      description: 'Weights for the division. Without it all clusters weigh the same.',
      properties: {
        staticWeightList: {
          type: 'array',
          description: 'Fixed weights. A cluster that no entry selects gets nothing.',
          items: {
            type: 'object',
            description: 'The weight of some clusters.',
            required: ['targetCluster', 'weight'],
            properties: {
              targetCluster: described(clusterAffinity, 'Clusters that have this weight.'),
              weight: {
                type: 'integer',
                format: 'int64',
                description: 'Share relative to the other weights.',
                minimum: 1,
              },
            },
          },
        },
        dynamicWeight: {
          type: 'string',
          description:
            'Weighs clusters by the replicas that fit there now; staticWeightList is not looked at then.',
          enum: ['AvailableReplicas'],
        },
      },
    },
  },
};

const spreadConstraints: Schema = {
  type: 'array',
  description: 'How many clusters, regions, zones or providers to spread over.',
  items: {
    type: 'object',
    description: 'The bounds for one way of grouping clusters.',
    properties: {
      spreadByField: {
        type: 'string',
        description:
          'Groups clusters by this field. The default is cluster: each is its own group.',
        enum: ['cluster', 'region', 'zone', 'provider'],
      },
      spreadByLabel: {
        type: 'string',
        description: 'Groups clusters by the value of this label. Not together with spreadByField.',
      },
      maxGroups: {
        type: 'integer',
        description: 'The most groups to use. Left out counts as 0, which selects no cluster.',
      },
      minGroups: {
        type: 'integer',
        description: 'The fewest groups to use; with fewer nothing is scheduled. The default is 1.',
      },
    },
  },
};

function workloadGroup(description: string): Schema {
  return {
    type: 'object',
    description,
    required: ['groupByLabelKey'],
    properties: {
      groupByLabelKey: {
        type: 'string',
        description: 'Label key of the workload; workloads with the same value form a group.',
      },
    },
  };
}

export const placement: Schema = {
  type: 'object',
  description: 'Where the resources go. Empty means every cluster that can take them.',
  properties: {
    clusterAffinity: described(
      clusterAffinity,
      'Which clusters the resources may go to. Not together with clusterAffinities.',
    ),
    clusterAffinities,
    clusterTolerations: described(
      tolerations,
      'Taints of clusters that do not keep resources away.',
    ),
    spreadConstraints,
    replicaScheduling,
    workloadAffinity: {
      type: 'object',
      description:
        'Keeps groups of workloads on the same clusters, or apart. Needs a feature gate.',
      properties: {
        affinity: workloadGroup('Workloads of one group go to the same clusters.'),
        antiAffinity: workloadGroup('Workloads of one group go to different clusters.'),
      },
    },
  },
};

const statePreservation: Schema = {
  type: 'object',
  description: 'What to carry over from the status of the failed copy to the new one, as labels.',
  required: ['rules'],
  properties: {
    rules: {
      type: 'array',
      description: 'One entry per value to carry over.',
      items: {
        type: 'object',
        description: 'One value and the label that carries it.',
        required: ['aliasLabelName', 'jsonPath'],
        properties: {
          aliasLabelName: { type: 'string', description: 'Label key that holds the value.' },
          jsonPath: {
            type: 'string',
            description: 'JSONPath of the value below status, such as {.availableReplicas}.',
          },
        },
      },
    },
  },
};

export const failover: Schema = {
  type: 'object',
  description: 'What happens when a cluster or the application on it fails.',
  properties: {
    application: {
      type: 'object',
      description: 'Moves the application when it stays unhealthy on a cluster.',
      required: ['decisionConditions'],
      properties: {
        decisionConditions: {
          type: 'object',
          description: 'When the application counts as failed.',
          properties: {
            tolerationSeconds: {
              type: 'integer',
              format: 'int32',
              description: 'How long it may be unhealthy before it is moved, in seconds.',
              default: 300,
            },
          },
        },
        purgeMode: {
          type: 'string',
          description:
            'What happens to the copy on the failed cluster: Directly removed, Gracefully after the new one is healthy, or Never. Immediately and Graciously are old names.',
          enum: ['Directly', 'Gracefully', 'Never', 'Immediately', 'Graciously'],
          default: 'Gracefully',
        },
        gracePeriodSeconds: {
          type: 'integer',
          format: 'int32',
          description:
            'The longest wait before the old copy is removed, in seconds. For purgeMode Gracefully only; the default is 600.',
        },
        statePreservation,
      },
    },
    cluster: {
      type: 'object',
      description: 'How resources leave a cluster that has failed.',
      properties: {
        purgeMode: {
          type: 'string',
          description:
            'What happens to the copy on the failed cluster: Directly removed, or Gracefully after the new one is healthy.',
          enum: ['Directly', 'Gracefully'],
          default: 'Gracefully',
        },
        statePreservation,
      },
    },
  },
};

const suspensionFields: { readonly [name: string]: Schema } = {
  dispatching: {
    type: 'boolean',
    description: 'true stops changes to every cluster.',
  },
  dispatchingOnClusters: {
    type: 'object',
    description: 'Stops changes to some clusters only.',
    properties: { clusterNames: stringList('Clusters that get no changes.') },
  },
};

export const suspension: Schema = {
  type: 'object',
  description: 'Stops the propagation for a while. What is on the clusters stays as it is.',
  properties: suspensionFields,
};

export const bindingSuspension: Schema = {
  ...suspension,
  properties: {
    ...suspensionFields,
    scheduling: {
      type: 'boolean',
      description: 'true keeps the scheduler from choosing clusters. Never set by a policy.',
    },
  },
};

export const conflictResolution: Schema = {
  type: 'string',
  description:
    'What to do with an object of that name which is on a cluster already: Abort leaves it alone, Overwrite takes it over.',
  enum: ['Abort', 'Overwrite'],
  default: 'Abort',
};

/** `metav1.Condition`, as in every status. */
export const conditions: Schema = {
  type: 'array',
  description: 'What is the case now, one entry per type.',
  items: {
    type: 'object',
    description: 'One condition.',
    required: ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
    properties: {
      type: {
        type: 'string',
        description: 'What the condition is about.',
        maxLength: 316,
        pattern:
          '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
      },
      status: {
        type: 'string',
        description: 'Whether it holds.',
        enum: ['True', 'False', 'Unknown'],
      },
      reason: {
        type: 'string',
        description: 'Why, in one word.',
        minLength: 1,
        maxLength: 1024,
        pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
      },
      message: { type: 'string', description: 'Why, in a sentence.', maxLength: 32768 },
      lastTransitionTime: {
        type: 'string',
        format: 'date-time',
        description: 'When the status last changed.',
      },
      observedGeneration: {
        type: 'integer',
        format: 'int64',
        description: 'Generation of the object that the condition is about.',
        minimum: 0,
      },
    },
  },
};

/** A Kubernetes quantity, such as `500m` or `2Gi`. */
export const quantity: Schema = {
  description: 'An amount, such as 500m or 2Gi.',
  intOrString: true,
  pattern:
    '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
};

/** A map from resource name to quantity. */
export function quantities(description: string): Schema {
  return { type: 'object', description, additionalProperties: quantity };
}
