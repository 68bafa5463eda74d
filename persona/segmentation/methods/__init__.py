"""The ways of making segments, by name."""

from __future__ import annotations

from persona.registry import Registry
from persona.segmentation.fit import Method
from persona.segmentation.methods import (
    apriori,
    consensus,
    kmeans,
    latent_class,
    medoids,
    mixture,
    ward,
)

METHODS: Registry[Method] = Registry("segmentation method")
for _method in (
    kmeans.METHOD,
    ward.METHOD,
    mixture.METHOD,
    latent_class.METHOD,
    medoids.METHOD,
    consensus.METHOD,
    *apriori.APRIORI,
):
    METHODS.register(_method.name, _method)

__all__ = ["METHODS"]
