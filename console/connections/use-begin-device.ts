import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { BeginDeviceLogin } from '../../src/contract/logins.ts';
import { api } from '../api/api.ts';

/** Asks for a code; the connection's own page shows it from then on. */
export function useBeginDevice(name: string, onBegun: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BeginDeviceLogin) => api.beginDeviceLogin({ params: { name }, body }),
    onSuccess: async (device) => {
      queries.setQueryData(['device-login', name], device);
      await queries.invalidateQueries({ queryKey: ['connections'] });
      onBegun();
    },
  });
}
