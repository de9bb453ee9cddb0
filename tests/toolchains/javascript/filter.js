// A filter that drops records without a payload.

export const dataFilter = {
  keep(input) {
    return input.payload.length > 0;
  },
};
