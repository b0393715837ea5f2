// For what stands on the page many times and seldom changes: drawn anew only where a property of it is another value.
import { Component, type ComponentType, type FunctionComponent } from 'preact';

const isSame = <P extends object>(before: P, now: P): boolean => (Object.keys(now) as (keyof P)[]).every((key) => before[key] === now[key]);

/** `Part` as a component that compares. Worth it where properties stay: words and numbers, objects of one reply, functions that are made once. */
export function memo<P extends object>(Part: FunctionComponent<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !isSame(this.props, next);
    }

    override render(props: P) {
      return <Part {...props} />;
    }
  };
}
