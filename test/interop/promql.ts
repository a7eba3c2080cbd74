// What an expression of PromQL asks for: read by the parser that Prometheus' own editor uses.
import { parser } from '@prometheus-io/lezer-promql';

/** A metric that an expression selects, with the labels that it filters by. */
interface Selected {
  metric: string;
  labels: string[];
}

/** @throws Error where it is no PromQL */
export function selectedBy(expression: string): Selected[] {
  const selected: Selected[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) throw new Error(`No PromQL at ${from}: ${expression}`);
      if (type.name !== 'VectorSelector') return;
      const metric = node.getChild('Identifier');
      const matchers = node.getChild('LabelMatchers');
      const labels = matchers?.getChildren('UnquotedLabelMatcher') ?? [];
      selected.push({
        metric: metric ? expression.slice(metric.from, metric.to) : expression.slice(from, to),
        labels: labels.map((label) => {
          const name = label.getChild('LabelName');
          return name ? expression.slice(name.from, name.to) : '';
        }),
      });
    },
  });
  return selected;
}
