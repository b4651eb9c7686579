/** Names and their figures, one below the other. */
export const Figures = ({ figures }: { figures: readonly (readonly [name: string, figure: string])[] }) => (
  <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1.5">
    {figures.map(([name, figure]) => (
      <div key={name} className="col-span-2 grid grid-cols-subgrid">
        <dt className="text-ink-2">{name}</dt>
        <dd className="text-right font-medium whitespace-nowrap tabular-nums">{figure}</dd>
      </div>
    ))}
  </dl>
);
