import { described, string, stringList, stringMap } from './policyBuildingBlocks.ts';
import type { Schema } from './types.ts';

function time(description: string): Schema {
  return { type: 'string', format: 'date-time', description, nullable: true };
}

/** `metav1.ObjectMeta`, which every kind has and no CRD spells out. */
export const objectMetaSchema: Schema = {
  type: 'object',
  description: 'Name, namespace, labels and annotations.',
  properties: {
    name: { type: 'string', description: 'Name of the object, unique in its namespace.' },
    generateName: {
      type: 'string',
      description: 'Beginning of a name that the API server completes. For a missing name.',
    },
    namespace: { type: 'string', description: 'Namespace of the object.' },
    labels: stringMap('Short texts to select objects by.'),
    annotations: stringMap('Texts for tools and people, of any length.'),
    finalizers: stringList('Controllers that must clean up before the object can go.'),
    ownerReferences: {
      type: 'array',
      description: 'Objects that this one is deleted with.',
      items: {
        type: 'object',
        description: 'One owner.',
        required: ['apiVersion', 'kind', 'name', 'uid'],
        properties: {
          apiVersion: described(string, 'apiVersion of the owner.'),
          kind: described(string, 'Kind of the owner.'),
          name: described(string, 'Name of the owner.'),
          uid: described(string, 'uid of the owner.'),
          controller: { type: 'boolean', description: 'Whether the owner manages the object.' },
          blockOwnerDeletion: {
            type: 'boolean',
            description: 'Whether the owner stays until this object is gone.',
          },
        },
      },
    },
    uid: described(string, 'Set by the API server.'),
    resourceVersion: described(string, 'Set by the API server.'),
    generation: { type: 'integer', format: 'int64', description: 'Set by the API server.' },
    creationTimestamp: time('Set by the API server.'),
    deletionTimestamp: time('Set by the API server.'),
    deletionGracePeriodSeconds: {
      type: 'integer',
      format: 'int64',
      description: 'Set by the API server.',
    },
    selfLink: { ...string, description: 'Has no effect.', deprecated: true },
    managedFields: {
      type: 'array',
      description: 'Set by the API server.',
      items: {
        type: 'object',
        description: 'What one client has written.',
        properties: {
          manager: described(string, 'The client.'),
          operation: described(string, 'Apply or Update.'),
          apiVersion: described(string, 'apiVersion that it was written in.'),
          time: time('When it was written.'),
          fieldsType: described(string, 'Form of fieldsV1.'),
          fieldsV1: {
            type: 'object',
            description: 'The fields written.',
            preserveUnknownFields: true,
          },
          subresource: described(string, 'Subresource that was written.'),
        },
      },
    },
  },
};
