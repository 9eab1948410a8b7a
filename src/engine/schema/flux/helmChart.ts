import { choice, flag, list, record, secretReference, text } from './fields.ts';
import { hasNot } from './rules.ts';
import {
  accessFrom,
  column,
  columnsAgeFirst,
  columnsAgeLast,
  interval,
  matchOIDCIdentity,
  sourceKind,
  sourceStatus,
  statusUrl,
  suspend,
  verifyProvider,
  type SourceVersion,
} from './source.ts';
import { member, stringMember } from '../../json.ts';
import type { KindSchema, Schema, SchemaRule } from '../types.ts';

type Fields = { readonly [name: string]: Schema };

const verifyNeedsHelmRepository: SchemaRule = {
  rule: "!has(self.verify) || self.sourceRef.kind == 'HelmRepository'",
  message: "spec.verify is only supported when spec.sourceRef.kind is 'HelmRepository'",
  holds: (self) =>
    hasNot(self, 'verify') || stringMember(member(self, 'sourceRef'), 'kind') === 'HelmRepository',
  since: '2.8',
};

function spec(version: SourceVersion): Schema {
  return record(
    {
      chart: text(
        'Name of the chart in the Helm repository, or its path in the Git repository or bucket.',
      ),
      interval: interval(version),
      reconcileStrategy: choice(
        ['ChartVersion', 'Revision'],
        'What makes a new chart: a change of its version, or any change of its source.',
        { default: 'ChartVersion' },
      ),
      sourceRef: record(
        {
          apiVersion: text('Accepted and ignored: Flux takes the version that it knows.'),
          kind: choice(['HelmRepository', 'GitRepository', 'Bucket'], 'Kind of the source.'),
          name: text('Name of the source, in the namespace of this object.'),
        },
        'The source that holds the chart.',
        { required: ['kind', 'name'] },
      ),
      suspend,
      valuesFiles: list(
        text('Path of a values file in the source of the chart.'),
        'Values files that replace the default values of the chart; later ones win. `values.yaml` counts only if listed.',
      ),
      version: text(
        'Version or range of versions, such as `6.x`; for Helm repositories only. Quote it.',
        { default: '*' },
      ),
      ...(version === 'v1' ? {} : olderFields),
      ...(version === 'v1beta1' ? {} : newerFields),
    },
    'The chart that is wanted.',
    {
      required: ['chart', 'interval', 'sourceRef'],
      ...(version === 'v1' ? { rules: [verifyNeedsHelmRepository] } : {}),
    },
  );
}

/** Fields that v1 no longer has. */
const olderFields: Fields = {
  accessFrom,
  valuesFile: text('One values file of the chart; use `valuesFiles` instead.', {
    deprecated: true,
  }),
};

/** Fields that v1beta1 does not have. */
const newerFields: Fields = {
  ignoreMissingValuesFiles: flag(
    'Skip files of `valuesFiles` that do not exist instead of failing.',
    { since: '2.3' },
  ),
  verify: record(
    {
      matchOIDCIdentity,
      provider: verifyProvider,
      secretRef: secretReference(
        'Secret with the public keys; without it cosign verifies keyless.',
      ),
    },
    'Refuse the chart unless its signature is good. OCI Helm repositories only.',
    { required: ['provider'] },
  ),
};

const newerStatus: Fields = {
  observedChartName: text('Name of the chart, as found in the source.'),
  observedSourceArtifactRevision: text('Revision of the source that the chart was taken from.'),
  observedValuesFiles: list(
    text('Path of a values file.'),
    'Values files that were used for the chart.',
    { since: '2.3' },
  ),
};

function helmChart(
  version: SourceVersion,
  served: Pick<KindSchema, 'servedSince' | 'servedUntil' | 'deprecatedSince'>,
): KindSchema {
  const own: Fields = { url: statusUrl, ...(version === 'v1beta1' ? {} : newerStatus) };
  return sourceKind(
    version,
    {
      kind: 'HelmChart',
      plural: 'helmcharts',
      shortNames: ['hc'],
      description: 'One chart taken from a source. Flux makes it for a HelmRelease with `chart`.',
      columns: [
        column('Chart', '.spec.chart'),
        column('Version', '.spec.version'),
        column('Source Kind', '.spec.sourceRef.kind'),
        column('Source Name', '.spec.sourceRef.name'),
        ...(version === 'v1beta1' ? columnsAgeLast : columnsAgeFirst),
      ],
    },
    { spec: spec(version), status: sourceStatus(version, own) },
    served,
  );
}

/** HelmChart in every version. */
export const helmChartKinds: readonly KindSchema[] = [
  helmChart('v1', { servedSince: '2.3' }),
  helmChart('v1beta2', { servedUntil: '2.8', deprecatedSince: '2.3' }),
  helmChart('v1beta1', { servedUntil: '2.7', deprecatedSince: '2.3' }),
];
