import {
  conditions,
  described,
  quantities,
  quantity,
  stringList,
  stringMap,
} from './policyBuildingBlocks.ts';
import type { KindSchema, Schema } from './types.ts';

/**
 * Followed: `pkg/apis/cluster/v1alpha1/types.go` and `pkg/apis/cluster/validation`. Served by Karmada's aggregated API
 * server, so no CRD exists; the columns are those of `pkg/printers/internalversion/printers.go`.
 */

function secretReference(description: string): Schema {
  return {
    type: 'object',
    description,
    required: ['namespace', 'name'],
    properties: {
      namespace: { type: 'string', description: 'Namespace of the Secret.' },
      name: { type: 'string', description: 'Name of the Secret.' },
    },
  };
}

const taints: Schema = {
  type: 'array',
  description: 'Marks that keep resources away unless a policy tolerates them.',
  items: {
    type: 'object',
    description: 'One mark; key and effect together are unique.',
    required: ['key', 'effect'],
    properties: {
      key: { type: 'string', description: 'Key of the taint.' },
      value: { type: 'string', description: 'Value of the taint.' },
      effect: {
        type: 'string',
        description: 'NoSchedule keeps new resources away, NoExecute removes present ones too.',
        enum: ['NoSchedule', 'NoExecute'],
      },
      timeAdded: {
        type: 'string',
        format: 'date-time',
        description: 'When the taint was added.',
      },
    },
  },
};

const resourceModels: Schema = {
  type: 'array',
  description: 'Grades of nodes by size, for better guesses of how much fits.',
  items: {
    type: 'object',
    description: 'One grade.',
    required: ['grade', 'ranges'],
    properties: {
      grade: { type: 'integer', description: 'Number of the grade.', minimum: 0 },
      ranges: {
        type: 'array',
        description: 'What a node of the grade has.',
        items: {
          type: 'object',
          description: 'The bounds of one resource.',
          required: ['name', 'min', 'max'],
          properties: {
            name: { type: 'string', description: 'Resource, such as cpu or memory.' },
            min: described(quantity, 'The least amount.'),
            max: described(quantity, 'The amount below which the grade ends.'),
          },
        },
      },
    },
  },
};

const spec: Schema = {
  type: 'object',
  description: 'How the cluster is reached and where it is.',
  required: ['syncMode'],
  properties: {
    id: { type: 'string', description: 'Unique id of the cluster, taken from its kube-system.' },
    syncMode: {
      type: 'string',
      description:
        'Push: Karmada writes to the cluster. Pull: an agent in the cluster fetches its work.',
      enum: ['Push', 'Pull'],
    },
    apiEndpoint: { type: 'string', description: 'Address of the API server.' },
    secretRef: secretReference('Secret with the token and the CA to reach the cluster.'),
    impersonatorSecretRef: secretReference('Secret with the token to act as a user.'),
    insecureSkipTLSVerification: {
      type: 'boolean',
      description: 'true does not check the certificate of the API server.',
    },
    proxyURL: { type: 'string', description: 'Proxy on the way to the API server.' },
    proxyHeader: stringMap('Headers for the proxy.'),
    provider: { type: 'string', description: 'Cloud provider, for field selectors and spreading.' },
    region: { type: 'string', description: 'Region, for field selectors and spreading.' },
    zone: {
      type: 'string',
      description: 'Old form of zones. Not together with it.',
      deprecated: true,
    },
    zones: stringList('Zones, for field selectors and spreading.'),
    taints,
    resourceModels,
  },
};

const status: Schema = {
  type: 'object',
  description: 'What Karmada knows of the cluster.',
  properties: {
    kubernetesVersion: { type: 'string', description: 'Kubernetes version of the cluster.' },
    apiEnablements: {
      type: 'array',
      description: 'APIs that the cluster serves.',
      items: {
        type: 'object',
        description: 'One group and version.',
        required: ['groupVersion'],
        properties: {
          groupVersion: { type: 'string', description: 'Group and version, as in apiVersion.' },
          resources: {
            type: 'array',
            description: 'Resources of this version.',
            items: {
              type: 'object',
              description: 'One resource.',
              required: ['name', 'kind'],
              properties: {
                name: { type: 'string', description: 'Plural name.' },
                kind: { type: 'string', description: 'Kind.' },
              },
            },
          },
        },
      },
    },
    conditions,
    nodeSummary: {
      type: 'object',
      description: 'How many nodes there are.',
      properties: {
        totalNum: { type: 'integer', format: 'int32', description: 'All nodes.' },
        readyNum: { type: 'integer', format: 'int32', description: 'Nodes that are ready.' },
      },
    },
    resourceSummary: {
      type: 'object',
      description: 'How much the cluster has and how much is in use.',
      properties: {
        allocatable: quantities('What all nodes have.'),
        allocating: quantities('What waiting Pods ask for.'),
        allocated: quantities('What running Pods ask for.'),
        allocatableModelings: {
          type: 'array',
          description: 'How many nodes each grade has.',
          items: {
            type: 'object',
            description: 'The nodes of one grade.',
            required: ['grade', 'count'],
            properties: {
              grade: { type: 'integer', description: 'Number of the grade.', minimum: 0 },
              count: { type: 'integer', description: 'Nodes of the grade.' },
            },
          },
        },
      },
    },
    remedyActions: stringList('Actions that are in force on the cluster.'),
  },
};

export const cluster: KindSchema = {
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  plural: 'clusters',
  categories: ['karmada-io'],
  namespaced: false,
  description: 'A member cluster that resources can be propagated to.',
  columns: [
    { name: 'VERSION', type: 'string', jsonPath: '.status.kubernetesVersion' },
    { name: 'MODE', type: 'string', jsonPath: '.spec.syncMode' },
    { name: 'READY', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  schema: { type: 'object', required: ['spec'], properties: { spec, status } },
};
