import {
  choice,
  duration,
  flag,
  list,
  record,
  secretReference,
  stringMap,
  text,
} from './fields.ts';
import { verifyProvider } from './source.ts';
import type { Facts } from './fields.ts';
import type { Schema } from '../types.ts';

/** Versions of HelmRelease. */
export type HelmReleaseVersion = 'v2beta1' | 'v2beta2' | 'v2';

const namespace = text(
  'Namespace of the referred object; the namespace of this object if left out.',
  {
    minLength: 1,
    maxLength: 63,
  },
);

const name = text('Name of the referred object.', { minLength: 1, maxLength: 253 });

const apiVersion = text('Accepted and ignored: Flux takes the version that it knows.');

/** `spec.chart`: the HelmChart that Flux makes for the release. */
export function chart(version: HelmReleaseVersion): Schema {
  return record(
    {
      metadata: record(
        {
          annotations: stringMap('Annotations of the generated HelmChart.'),
          labels: stringMap('Labels of the generated HelmChart.'),
        },
        'Labels and annotations for the generated HelmChart.',
        { since: '2.0' },
      ),
      spec: chartSpec(version),
    },
    'Where the chart comes from: a Helm repository, a Git repository or a bucket. Exclusive with `chartRef`.',
    { required: ['spec'] },
  );
}

function chartSpec(version: HelmReleaseVersion): Schema {
  const isV2 = version === 'v2';
  return record(
    {
      chart: text(
        'Name of the chart in the Helm repository, or its path in the Git repository or bucket.',
        version === 'v2beta1' ? {} : { minLength: 1, maxLength: 2048 },
      ),
      ...(version === 'v2beta1'
        ? {}
        : {
            ignoreMissingValuesFiles: flag(
              'Skip files of `valuesFiles` that do not exist instead of failing.',
              { since: '2.3' },
            ),
          }),
      interval: duration('How often to look for a new chart; `spec.interval` if left out.'),
      reconcileStrategy: choice(
        ['ChartVersion', 'Revision'],
        'What makes a new chart: a change of its version, or any change of its source.',
        { default: 'ChartVersion' },
      ),
      sourceRef: sourceRef(),
      ...(isV2
        ? {}
        : {
            valuesFile: text('One values file of the chart; use `valuesFiles` instead.', {
              deprecated: true,
            }),
          }),
      valuesFiles: list(
        text('Path of a values file in the source of the chart.'),
        'Values files that replace the default values of the chart; later ones win. `values.yaml` counts only if listed.',
      ),
      verify: record(
        {
          provider:
            version === 'v2beta1'
              ? choice(['cosign'], 'Tool that made the signature.', { default: 'cosign' })
              : verifyProvider,
          secretRef: secretReference(
            'Secret with the public keys; without it cosign verifies keyless.',
          ),
        },
        'Refuse the chart unless its signature is good. OCI Helm repositories only.',
        { required: ['provider'] },
      ),
      version: text(
        'Version or range of versions, such as `6.x` or `>=5.0.0 <6.0.0`; for Helm repositories only. Quote it.',
        { default: '*' },
      ),
    },
    'The spec of the generated HelmChart.',
    { required: ['chart', 'sourceRef'] },
  );
}

function sourceRef(): Schema {
  return record(
    {
      apiVersion,
      kind: choice(
        ['HelmRepository', 'GitRepository', 'Bucket'],
        'Kind of the source that holds the chart.',
      ),
      name,
      namespace,
    },
    'The source that holds the chart. It must be present in the same member cluster.',
    {
      required: ['kind', 'name'],
      variants: [{ until: '2.4', schema: { required: ['name'] } }],
    },
  );
}

/** `spec.chartRef`: an object that holds the chart already. */
export function chartRef(version: HelmReleaseVersion): Schema {
  const older: Facts = { enum: ['OCIRepository', 'HelmChart'] };
  return record(
    {
      apiVersion,
      kind: choice(
        version === 'v2'
          ? ['OCIRepository', 'HelmChart', 'ExternalArtifact']
          : ['OCIRepository', 'HelmChart'],
        'Kind of the object that holds the chart.',
        version === 'v2' ? { variants: [{ until: '2.7', schema: older }] } : {},
      ),
      name,
      namespace,
    },
    'An OCIRepository, HelmChart or ExternalArtifact that holds the chart. Exclusive with `chart`.',
    { required: ['kind', 'name'], since: '2.3' },
  );
}
