import {
  clusterAffinity,
  described,
  resourceSelectors,
  stringList,
  stringMap,
} from './policyBuildingBlocks.ts';
import type { JsonValue } from '../types.ts';
import type { KindSchema, Schema } from './types.ts';

/** Followed: `pkg/apis/policy/v1alpha1/override_types.go`. The two kinds have the same spec. */

function operator(description: string, operators: readonly JsonValue[]): Schema {
  return { type: 'string', description, enum: operators };
}

const anyOperator = operator('add, remove or replace.', ['add', 'remove', 'replace']);
const anyValue: Schema = { preserveUnknownFields: true };

const plaintext: Schema = {
  type: 'array',
  description: 'Changes of single fields, as a JSON patch. All succeed or none is made.',
  items: {
    type: 'object',
    description: 'One step of the patch.',
    required: ['operator', 'path'],
    properties: {
      path: {
        type: 'string',
        description:
          'JSON pointer of the field, such as /spec/replicas. A / inside a key is written ~1, a ~ is written ~0.',
      },
      operator: described(
        anyOperator,
        'add sets the field or inserts into a list, replace and remove need the field to be there.',
      ),
      value: described(anyValue, 'New value of the field, of any type.'),
    },
  },
};

const imageOverrider: Schema = {
  type: 'array',
  description: 'Changes of container images: registry, repository or tag.',
  items: {
    type: 'object',
    description: 'One change of images.',
    required: ['component', 'operator'],
    properties: {
      predicate: {
        type: 'object',
        description:
          'Where the image is. Without it: every container of a Pod, Deployment, ReplicaSet, DaemonSet, StatefulSet or Job.',
        required: ['path'],
        properties: {
          path: {
            type: 'string',
            description: 'JSON pointer of the image, such as /spec/values/image/repository.',
          },
        },
      },
      component: {
        type: 'string',
        description: 'Part of the image to change. Tag stands for the digest too.',
        enum: ['Registry', 'Repository', 'Tag'],
      },
      operator: described(
        anyOperator,
        'add appends to the part, replace sets it, remove takes it out.',
      ),
      value: { type: 'string', description: 'Text to append or to set.' },
    },
  },
};

function wordsOverrider(field: 'command' | 'args'): Schema {
  return {
    type: 'array',
    description: `Changes of the ${field} of containers.`,
    items: {
      type: 'object',
      description: `One change of the ${field}.`,
      required: ['containerName', 'operator'],
      properties: {
        containerName: { type: 'string', description: 'Name of the container.' },
        operator: operator('add appends the values, remove takes equal ones out.', [
          'add',
          'remove',
        ]),
        value: stringList(`Words to add to or remove from the ${field}.`),
      },
    },
  };
}

function mapOverrider(field: 'labels' | 'annotations'): Schema {
  return {
    type: 'array',
    description: `Changes of the ${field} of the resource.`,
    items: {
      type: 'object',
      description: `One change of the ${field}.`,
      required: ['operator', 'value'],
      properties: {
        operator: described(
          anyOperator,
          'add sets the keys, replace only those that are there, remove takes them out.',
        ),
        value: stringMap(`Keys and values of the ${field}.`),
      },
    },
  };
}

function documentSteps(language: 'JSON' | 'YAML'): Schema {
  return {
    type: 'array',
    description: `Changes inside a string that holds ${language}. Not together with ${language === 'JSON' ? 'yaml' : 'json'}.`,
    items: {
      type: 'object',
      description: `One change inside the ${language} document.`,
      required: ['operator', 'subPath'],
      properties: {
        subPath: {
          type: 'string',
          description: `JSON pointer inside the ${language} document.`,
        },
        operator: anyOperator,
        value: described(anyValue, 'New value, of any type. Needed for add and replace only.'),
      },
    },
  };
}

const fieldOverrider: Schema = {
  type: 'array',
  description: 'Changes inside a string field that holds a JSON or YAML document.',
  items: {
    type: 'object',
    description: 'Changes inside one such field.',
    required: ['fieldPath'],
    properties: {
      fieldPath: {
        type: 'string',
        description: 'JSON pointer of the string field, such as /data/config.yaml.',
      },
      json: documentSteps('JSON'),
      yaml: documentSteps('YAML'),
    },
  },
};

const overriders: Schema = {
  type: 'object',
  description:
    'The changes. They are made in this order: images, command, args, labels, annotations, fields, plaintext.',
  properties: {
    plaintext,
    imageOverrider,
    commandOverrider: wordsOverrider('command'),
    argsOverrider: wordsOverrider('args'),
    labelsOverrider: mapOverrider('labels'),
    annotationsOverrider: mapOverrider('annotations'),
    fieldOverrider,
  },
};

const overrideSpec: Schema = {
  type: 'object',
  description: 'Which resources change how on which clusters.',
  properties: {
    resourceSelectors: {
      ...resourceSelectors,
      description: 'Resources to change. Left out means every resource that the policy can reach.',
    },
    overrideRules: {
      type: 'array',
      description: 'Changes per group of clusters, made one after another.',
      items: {
        type: 'object',
        description: 'Changes for some clusters.',
        required: ['overriders'],
        properties: {
          targetCluster: described(
            clusterAffinity,
            'Clusters that the changes are for. Left out means every cluster.',
          ),
          overriders,
        },
      },
    },
    targetCluster: {
      ...clusterAffinity,
      description: 'Old form of a single rule: its clusters. Use overrideRules.',
      deprecated: true,
    },
    overriders: {
      ...overriders,
      description: 'Old form of a single rule: its changes. Use overrideRules.',
      deprecated: true,
    },
  },
};

const schema: Schema = {
  type: 'object',
  required: ['spec'],
  properties: { spec: overrideSpec },
};

export const overridePolicy: KindSchema = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'OverridePolicy',
  plural: 'overridepolicies',
  shortNames: ['op'],
  categories: ['karmada-io'],
  namespaced: true,
  description: 'Changes resources of its own namespace per member cluster.',
  schema,
};

export const clusterOverridePolicy: KindSchema = {
  ...overridePolicy,
  kind: 'ClusterOverridePolicy',
  plural: 'clusteroverridepolicies',
  shortNames: ['cop'],
  namespaced: false,
  description:
    'Changes resources of any namespace, and cluster-scoped ones, per member cluster. Applied before OverridePolicies.',
};
