import { conditions } from './policyBuildingBlocks.ts';
import type { KindSchema } from './types.ts';

/** Followed: `pkg/apis/work/v1alpha1/work_types.go`. */
export const work: KindSchema = {
  apiVersion: 'work.karmada.io/v1alpha1',
  kind: 'Work',
  plural: 'works',
  shortNames: ['wk'],
  categories: ['karmada-io'],
  namespaced: true,
  description: 'What one member cluster is to run. Written by Karmada, one for each resource.',
  columns: [
    { name: 'WORKLOAD-KIND', type: 'string', jsonPath: '.spec.workload.manifests[*].kind' },
    {
      name: 'APPLIED',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Applied")].status',
    },
    { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  schema: {
    type: 'object',
    required: ['spec'],
    properties: {
      spec: {
        type: 'object',
        description: 'What to apply on the cluster.',
        properties: {
          workload: {
            type: 'object',
            description: 'The objects to apply.',
            properties: {
              manifests: {
                type: 'array',
                description: 'The objects as they are on the cluster; Karmada writes exactly one.',
                items: {
                  type: 'object',
                  description: 'An object of any kind.',
                  preserveUnknownFields: true,
                },
              },
            },
          },
          suspendDispatching: {
            type: 'boolean',
            description: 'true stops changes to the cluster.',
          },
          preserveResourcesOnDeletion: {
            type: 'boolean',
            description: 'true leaves the object on the cluster when the Work is deleted.',
          },
        },
      },
      status: {
        type: 'object',
        description: 'How applying went.',
        properties: {
          conditions,
          manifestStatuses: {
            type: 'array',
            description: 'The status of each object on the cluster.',
            items: {
              type: 'object',
              description: 'The status of one object.',
              required: ['identifier'],
              properties: {
                identifier: {
                  type: 'object',
                  description: 'Which object it is.',
                  required: ['kind', 'name', 'ordinal', 'resource', 'version'],
                  properties: {
                    ordinal: { type: 'integer', description: 'Place in manifests, from 0.' },
                    group: { type: 'string', description: 'API group of the object.' },
                    version: { type: 'string', description: 'API version of the object.' },
                    kind: { type: 'string', description: 'Kind of the object.' },
                    resource: { type: 'string', description: 'Plural name of the kind.' },
                    namespace: { type: 'string', description: 'Namespace of the object.' },
                    name: { type: 'string', description: 'Name of the object.' },
                  },
                },
                status: {
                  type: 'object',
                  description: 'The status as the cluster reports it.',
                  preserveUnknownFields: true,
                },
                health: {
                  type: 'string',
                  description: 'What Karmada makes of the status.',
                  enum: ['Healthy', 'Unhealthy', 'Unknown'],
                },
              },
            },
          },
        },
      },
    },
  },
};
