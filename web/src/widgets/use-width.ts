// The width that an element has, followed; undefined until it is known, before anything is drawn.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export function useWidth() {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState<number>();
  useLayoutEffect(() => {
    const own = element.current;
    if (!own) return undefined;
    const measure = (): void => setWidth(own.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(own);
    return () => observer.disconnect();
  }, []);
  return { element, width };
}
