// A rate as a figure with its unit, set so that columns of them line up.
import { formatRate } from '../model/format.ts';

type Props = { bps: number | null; large?: boolean };

export function Figure({ bps, large = false }: Props) {
  const { figure, unit } = formatRate(bps);
  return (
    <span class={large ? 'md-figure md-large' : 'md-figure'}>
      {figure}
      {unit && <span class="md-unit"> {unit}</span>}
    </span>
  );
}
