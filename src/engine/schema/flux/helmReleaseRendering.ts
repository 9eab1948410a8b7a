import { choice, flag, list, record, text } from './fields.ts';
import type { HelmReleaseVersion } from './helmReleaseChart.ts';
import type { Schema } from '../types.ts';

/** Which objects a patch or a rule is for (kustomize's selector). */
export function targetSelector(description: string): Schema {
  return record(
    {
      annotationSelector: text('Annotations that the object must carry, as a label selector.'),
      group: text('Regular expression for the API group.'),
      kind: text('Regular expression for the kind.'),
      labelSelector: text('Labels that the object must carry, such as `app=web`.'),
      name: text('Regular expression for the name.'),
      namespace: text('Regular expression for the namespace.'),
      version: text('Regular expression for the version of the API.'),
    },
    description,
  );
}

const patches = list(
  record(
    {
      patch: text('YAML of a strategic merge patch, or of a list of JSON Patch operations.'),
      target: targetSelector('The objects to patch; a strategic merge patch may name its own.'),
    },
    'One patch.',
    { variants: [{ since: '2.0', schema: { required: ['patch'] } }] },
  ),
  'Patches for the rendered manifests, in order.',
);

const patchesJson6902 = list(
  record(
    {
      patch: list(
        record(
          {
            from: text('JSON pointer to take the value from, for `move` and `copy`.'),
            op: choice(['test', 'remove', 'add', 'replace', 'move', 'copy'], 'What to do.'),
            path: text('JSON pointer to the place to change.'),
            value: {
              preserveUnknownFields: true,
              description: 'The value, for `add`, `replace` and `test`.',
            },
          },
          'One operation.',
          { required: ['op', 'path'] },
        ),
        'The operations, in order.',
      ),
      target: targetSelector('The objects to patch.'),
    },
    'One patch.',
    { required: ['patch', 'target'] },
  ),
  'JSON patches; use `patches` instead.',
  { deprecated: true },
);

const patchesStrategicMerge = list(
  { preserveUnknownFields: true, description: 'A part of the object to patch, with its identity.' },
  'Strategic merge patches; use `patches` instead.',
  { deprecated: true },
);

const images = list(
  record(
    {
      digest: text('New digest; `newTag` is ignored beside it.'),
      name: text('Name of the image as the chart renders it, without tag.'),
      newName: text('New name, registry included.'),
      newTag: text('New tag.'),
    },
    'One image.',
    { required: ['name'] },
  ),
  'Images to replace in the rendered manifests.',
);

/** `spec.postRenderers`. */
export function postRenderers(version: HelmReleaseVersion): Schema {
  return list(
    record(
      {
        kustomize: record(
          {
            images,
            patches,
            ...(version === 'v2' ? {} : { patchesJson6902, patchesStrategicMerge }),
          },
          'Patches and images in the form of kustomize.',
        ),
      },
      'One step.',
    ),
    'Changes to the rendered manifests before they are applied, in order.',
  );
}

/** `spec.valuesFrom`. */
export function valuesFrom(version: HelmReleaseVersion): Schema {
  return list(
    record(
      {
        kind: choice(['Secret', 'ConfigMap'], 'Kind of the object with the values.'),
        ...(version === 'v2'
          ? {
              literal: flag(
                'Take the value at `targetPath` as it is, without the syntax of `--set`.',
                {
                  since: '2.9',
                },
              ),
            }
          : {}),
        name: text('Name of the object, in the namespace of this object.', {
          minLength: 1,
          maxLength: 253,
        }),
        optional: flag('Go on without it when the object or its key is missing.'),
        targetPath: text(
          'Where to put the one value found, such as `image.tag`; without it the YAML is merged at the root.',
          { maxLength: 250, pattern: '^([a-zA-Z0-9_\\-.\\\\\\/]|\\[[0-9]{1,5}\\])+$' },
        ),
        valuesKey: text('Key of the data that holds the values. Default: `values.yaml`.', {
          maxLength: 253,
          pattern: '^[\\-._a-zA-Z0-9]+$',
        }),
      },
      'One source of values.',
      { required: ['kind', 'name'] },
    ),
    'Values from ConfigMaps and Secrets, merged in order below `values`. They must be in the same member cluster.',
  );
}

/** `spec.values`. The CRD gives it no type, so a list passes the API server and counts as no values at all. */
export const values: Schema = {
  preserveUnknownFields: true,
  description: 'Values of the chart: a mapping that is laid over its defaults and `valuesFrom`.',
};
