import { useEffect } from 'react';

/** Goes to the part of the page that the address names: it was followed before that part was there. */
export const usePlaceInPage = (): void =>
  useEffect(() => {
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, []);
