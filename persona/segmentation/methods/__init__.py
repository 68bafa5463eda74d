"""The ways of making segments, by name."""

from __future__ import annotations

from persona.registry import Registry
from persona.segmentation.fit import Method
from persona.segmentation.methods import consensus, kmeans, latent_class, medoids, mixture, ward

METHODS: Registry[Method] = Registry("segmentation method")
for _module in (kmeans, ward, mixture, latent_class, medoids, consensus):
    METHODS.register(_module.METHOD.name, _module.METHOD)

__all__ = ["METHODS"]
